package flashsale.stage;

/**
 * What the server did between two looks at it.
 *
 * @param roundTrips requests that it read; what a client writes at once is one of them
 * @param commands commands that it ran, those inside scripts included
 * @param cpuMicros CPU time of the server, in microseconds
 */
record Load(long roundTrips, long commands, double cpuMicros) {

    Load and(Load next) {
        return new Load(roundTrips + next.roundTrips, commands + next.commands, cpuMicros + next.cpuMicros);
    }
}
