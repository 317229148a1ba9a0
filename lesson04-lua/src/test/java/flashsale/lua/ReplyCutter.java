package flashsale.lua;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.HostAndPort;

/**
 * Stands on loopback between a client and its servers, and can lose replies: a script was run, its reply is on its way,
 * and the connection breaks. It does not guess when that is: only when the server has replied it cuts.
 */
final class ReplyCutter implements AutoCloseable {

    private static final String SCRIPT_CALL = "EVALSHA";
    private static final int BUFFER = 1 << 16;

    private final Map<HostAndPort, ServerSocket> doors = new LinkedHashMap<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private int toCut;
    private int ran;
    private boolean closed;

    /** @param servers each gets a door of its own */
    ReplyCutter(Set<HostAndPort> servers) throws IOException {
        for (HostAndPort server : servers) {
            ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            doors.put(server, door);
            start(() -> letIn(door, server));
        }
    }

    /** Where a client has to connect to instead. */
    HostAndPort doorOf(HostAndPort server) {
        return new HostAndPort("127.0.0.1", doors.get(server).getLocalPort());
    }

    /** The next so many replies to script calls are lost, each with its connection. */
    synchronized void cut(int replies) {
        toCut = replies;
    }

    /** How many script calls the servers have answered, whether the answer arrived or not. */
    synchronized int scriptsRun() {
        return ran;
    }

    private void letIn(ServerSocket door, HostAndPort server) throws IOException {
        while (true) {
            Socket client = opened(door.accept());
            Socket there = opened(new Socket(server.getHost(), server.getPort()));
            client.setTcpNoDelay(true);
            there.setTcpNoDelay(true);
            Conversation conversation = new Conversation(client, there);
            start(conversation::carryRequests);
            start(conversation::carryReplies);
        }
    }

    private synchronized boolean losesTheReplyTo(String request) {
        if (!request.contains(SCRIPT_CALL)) {
            return false;
        }
        ran++;
        toCut--;
        return toCut >= 0;
    }

    /** One connection of the client. */
    private final class Conversation {

        private final Socket client;
        private final Socket server;
        private final StringBuilder request = new StringBuilder();

        Conversation(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void carryRequests() throws IOException {
            try (client;
                    server) {
                InputStream from = client.getInputStream();
                OutputStream to = server.getOutputStream();
                byte[] bytes = new byte[BUFFER];
                for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
                    synchronized (request) { // written down first: whoever sees the reply also sees what it replies to
                        request.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
                    }
                    to.write(bytes, 0, count);
                }
            }
        }

        void carryReplies() throws IOException {
            try (client;
                    server) {
                InputStream from = server.getInputStream();
                OutputStream to = client.getOutputStream();
                byte[] bytes = new byte[BUFFER];
                for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
                    String replied;
                    synchronized (request) {
                        replied = request.toString();
                        request.setLength(0);
                    }
                    if (losesTheReplyTo(replied)) {
                        return;
                    }
                    to.write(bytes, 0, count);
                }
            }
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private synchronized void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException closed) {
                        // Somebody closed one of the ends: then this one is closed, too.
                    }
                },
                "reply cutter");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private synchronized Socket opened(Socket socket) throws IOException {
        sockets.add(socket);
        if (closed) {
            socket.close();
        }
        return socket;
    }

    /** Closes every connection, and waits until nobody carries anything any more, for each at most ten seconds. */
    @Override
    public void close() throws IOException {
        List<Thread> started;
        synchronized (this) {
            closed = true;
            for (ServerSocket door : doors.values()) {
                door.close();
            }
            for (Socket socket : sockets) {
                socket.close();
            }
            started = List.copyOf(threads);
        }
        try {
            for (Thread thread : started) {
                TimeUnit.SECONDS.timedJoin(thread, 10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
