package flashsale.stage;

import flashsale.explore.Step;

/**
 * What everybody in a race has to do: the buyers come over so many connections, each wants one unit, and each comes
 * once.
 *
 * @param buyers from 1 to 1,000,000
 * @param stock from 0 to 1,000,000
 * @param connections how many buy at once, from 1 to 1,000; no more than there are buyers
 */
record Workload(int buyers, int stock, int connections) {

    /** The item that the limit sells; like every item of the workbook, its keys begin with {@code sale:}. */
    static final String ITEM = "race";

    private static final int MOST = 1_000_000;

    Workload {
        inRange("buyers", buyers, 1, MOST);
        inRange("stock", stock, 0, MOST);
        inRange("connections", connections, 1, 1_000);
        connections = Math.min(connections, buyers); // who has nothing to do would only cost time, and not all alike
    }

    /** The item that a step sells: its own, since some of them keep a fence, and one's numbers are not the other's. */
    static String item(Step step) {
        return ITEM + "-" + step.name();
    }

    /**
     * The same, with as many buyers as come in a second, and so many tickets more or fewer.
     *
     * @param purchasesASecond above 0
     */
    Workload forASecond(double purchasesASecond) {
        double times = purchasesASecond / buyers;
        return new Workload(scaled(buyers, times, 1), scaled(stock, times, 0), connections);
    }

    private static int scaled(int number, double times, int least) {
        return (int) Math.max(least, Math.min(MOST, Math.round(number * times)));
    }

    private static void inRange(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw new BadArgumentException(
                    field + " is " + value + ", but must be a whole number from " + least + " to " + most);
        }
    }

    @Override
    public String toString() {
        return many(buyers, "buyer") + ", " + many(stock, "ticket") + ", " + many(connections, "connection");
    }

    private static String many(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
