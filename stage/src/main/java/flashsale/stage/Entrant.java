package flashsale.stage;

import java.util.function.Supplier;

/**
 * Somebody who runs in the race: a step of a lesson, or a bare client that shows what the machine can do.
 *
 * @param lesson the lesson's folder, or {@link #THE_LIMIT}
 * @param name the step, or what the bare client sends
 * @param enter connects; called once for each round, so that nobody keeps connections open while others run
 */
record Entrant(String lesson, String name, Supplier<Seller> enter) {

    /** Stands where the others have their lesson. */
    static final String THE_LIMIT = "the limit";

    /** An entrant with its connections. */
    interface Seller extends AutoCloseable {

        /** Sells once to the whole crowd. */
        Lap sale();

        @Override
        void close();
    }
}
