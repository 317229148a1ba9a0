package flashsale.stage;

/**
 * What everybody in a race has to do: the buyers come over so many connections, each wants one unit, and each comes
 * once.
 *
 * @param buyers from 1 to 1,000,000
 * @param stock from 0 to 1,000,000
 * @param connections how many buy at once, from 1 to 1,000; no more than there are buyers
 */
record Workload(int buyers, int stock, int connections) {

    /** The item on sale; like every item of the workbook, its keys begin with {@code sale:}. */
    static final String ITEM = "race";

    Workload {
        inRange("buyers", buyers, 1, 1_000_000);
        inRange("stock", stock, 0, 1_000_000);
        inRange("connections", connections, 1, 1_000);
        connections = Math.min(connections, buyers); // who has nothing to do would only cost time, and not all alike
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
