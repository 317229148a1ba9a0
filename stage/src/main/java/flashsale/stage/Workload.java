package flashsale.stage;

/**
 * What everybody in a race has to do: the buyers come over so many connections, each wants one unit, and each comes
 * once.
 *
 * @param buyers from 1
 * @param stock from 0
 * @param connections how many buy at once, from 1
 */
record Workload(int buyers, int stock, int connections) {

    /** The item on sale; like every item of the workbook, its keys begin with {@code sale:}. */
    static final String ITEM = "race";

    Workload {
        atLeast(1, "buyers", buyers);
        atLeast(0, "stock", stock);
        atLeast(1, "connections", connections);
    }

    private static void atLeast(int least, String field, int value) {
        if (value < least) {
            throw new BadArgumentException(field + " is " + value + ", but must be a whole number from " + least);
        }
    }

    @Override
    public String toString() {
        return buyers + " buyers, " + stock + " tickets, " + connections
                + (connections == 1 ? " connection" : " connections");
    }
}
