package flashsale.stage;

/** What the command line ends with. */
final class ExitCodes {

    static final int AS_CLAIMED = 0;
    static final int NOT_AS_CLAIMED = 1;
    static final int BAD_ARGUMENTS = 2;
    static final int NO_ANSWER = 3;

    private ExitCodes() {}
}
