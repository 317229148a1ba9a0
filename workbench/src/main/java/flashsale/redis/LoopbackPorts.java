package flashsale.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds loopback ports that nobody listens on. */
final class LoopbackPorts {

    /*
     * Below the ports that Linux (from 32768) and macOS (from 49152) hand to outgoing connections, so that none of
     * those can slip in between choosing and listening; and low enough for a cluster node, whose bus listens on the
     * port plus 10000.
     */
    private static final int FIRST = 20_000;
    private static final int LAST = 29_999;

    private static final int TRIES = 200;

    private LoopbackPorts() {}

    /**
     * A port from 20000 to 29999, free at this moment; somebody else may take it before it is used.
     *
     * @throws RedisUnavailableException if every port that was looked at is taken
     */
    static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new RedisUnavailableException("The embedded Redis found no free port: " + TRIES + " ports of 127.0.0.1"
                + " between " + FIRST + " and " + LAST + " were tried. End the programs that hold them, or name a"
                + " server of your own with -Dredis=redis://host:port");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
