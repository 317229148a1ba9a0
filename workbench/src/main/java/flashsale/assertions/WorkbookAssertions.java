package flashsale.assertions;

import flashsale.explore.Exploration;

/** The workbook's own assertions, to be imported beside AssertJ's. */
public final class WorkbookAssertions {

    private WorkbookAssertions() {}

    /** Starts an assertion on what came of an exploration. */
    public static ExplorationAssert assertThat(Exploration exploration) {
        return new ExplorationAssert(exploration);
    }
}
