package flashsale.explore;

/** A kind of bad luck that a scenario allows. */
public enum Fault {
    /** A buyer's process dies before any of its commands. */
    CRASH,
    /** A command is executed, but its reply never arrives. */
    LOST_REPLY,
    /** A lease ends while somebody can still run. */
    LEASE_EXPIRY,
    /** The server evicts a key that has no time to live. */
    EVICTION,
    /** The server's script cache is emptied. */
    SCRIPT_FLUSH
}
