package flashsale.explore;

/**
 * What can happen next at one point of a schedule. Buyers are numbered from 0 and written as letters from A; keys are
 * written without the {@code sale:{item}:} that they share.
 */
public sealed interface Choice {

    /** A buyer sends its next command, and runs on until the one after it. */
    record Next(int buyer) implements Choice {
        @Override
        public String toString() {
            return letter(buyer);
        }
    }

    /**
     * A buyer starts a purchase and runs up to its first command. A choice of its own only where buyers share a JVM's
     * state; elsewhere a purchase starts together with its first command.
     */
    record Begin(int buyer) implements Choice {
        @Override
        public String toString() {
            return "begin:" + letter(buyer);
        }
    }

    /**
     * What a buyer's process does again and again beside the purchase is done: its thread sends its next command. See
     * {@link flashsale.sale.Repeater}.
     */
    record Tick(int buyer) implements Choice {
        @Override
        public String toString() {
            return "tick:" + letter(buyer);
        }
    }

    /** A fault: the buyer's process dies before its next command, with everybody in it. */
    record Crash(int buyer) implements Choice {
        @Override
        public String toString() {
            return "crash:" + letter(buyer);
        }
    }

    /** A fault: the buyer's next command is executed, but the connection breaks before the reply arrives. */
    record LoseReply(int buyer) implements Choice {
        @Override
        public String toString() {
            return "lose:" + letter(buyer);
        }
    }

    /** A fault: a key's lease ends although somebody can still run; its holder paused for longer than the lease. */
    record Expire(String key) implements Choice {
        @Override
        public String toString() {
            return "expire:" + key;
        }
    }

    /** A fault: the server evicts a key that has no time to live. */
    record Evict(String key) implements Choice {
        @Override
        public String toString() {
            return "evict:" + key;
        }
    }

    /** A fault: the server's script cache is emptied. */
    record FlushScripts() implements Choice {
        @Override
        public String toString() {
            return "flush";
        }
    }

    /** Nobody can run, and time passes until a key's lease ends. */
    record LeaseEnd(String key) implements Choice {
        @Override
        public String toString() {
            return "time:" + key;
        }
    }

    /** Nobody can run, and time passes until a waiting buyer's deadline, or the end of its pause if it has none. */
    record Wake(int buyer) implements Choice {
        @Override
        public String toString() {
            return "wake:" + letter(buyer);
        }
    }

    /** Whether this takes one from the schedule's budget of faults. */
    default boolean isFault() {
        return this instanceof Crash
                || this instanceof LoseReply
                || this instanceof Expire
                || this instanceof Evict
                || this instanceof FlushScripts;
    }

    /** The buyer whose thread, or whose process's other thread, runs by this choice; -1 if none does. */
    default int runs() {
        if (this instanceof Next next) {
            return next.buyer();
        } else if (this instanceof Begin begin) {
            return begin.buyer();
        } else if (this instanceof LoseReply lose) {
            return lose.buyer();
        } else if (this instanceof Tick tick) {
            return tick.buyer();
        }
        return -1;
    }

    /** A buyer's letter: A for 0. */
    static String letter(int buyer) {
        return String.valueOf((char) ('A' + buyer));
    }
}
