package flashsale.explore;

import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.util.TimerTask;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.redisson.Redisson;
import org.redisson.RedissonLockEntry;
import org.redisson.api.RedissonClient;
import org.redisson.client.NettyHook;
import org.redisson.config.Config;
import org.redisson.connection.ServiceManager;
import org.redisson.pubsub.LockPubSub;
import org.redisson.pubsub.PublishSubscribeService;
import org.redisson.pubsub.SemaphorePubSub;
import org.redisson.renewal.LockRenewalScheduler;
import org.redisson.renewal.LockTask;

/**
 * The Redisson client of one process, with all that runs by itself taken out of it: its event loop runs on the thread
 * of whoever sends a command ({@link CallerLoop}), its connections are held ({@link HeldChannel}), its timer brings
 * nothing by itself ({@link HeldTimer}), and whoever waits for a message waits in virtual time ({@link MessageLatch}).
 * The rest, all that knows of locks and semaphores, is Redisson's own.
 *
 * <p>So there is nothing to wait for until Redisson has come to rest: when a buyer stops at a command or at a latch, or
 * comes to an end, everything that followed from its last command has been done, on its own thread.
 */
final class RedissonProcess implements OtherClient {

    /** Nobody else can tell when these are executed; see the workbench's README on subscriptions. */
    private static final Set<String> AT_ONCE = Set.of(
            "PING", "AUTH", "HELLO", "SELECT", "CLIENT", "SUBSCRIBE", "UNSUBSCRIBE", "SSUBSCRIBE", "SUNSUBSCRIBE");

    /** The key by which a repeated unlock recognises its first attempt; its name is used once. */
    private static final String UNLOCK_LATCH = "redisson_unlock_latch:";

    /** A reply that is a number, or begins with one: a lock that is held replies so what is left of its lease. */
    private static final Pattern FIRST_NUMBER = Pattern.compile("^(?:\\*\\d+\r\n)?:(-?\\d+)\r\n");
    /** Milliseconds since 1970, of these years. */
    private static final Pattern A_TIME = Pattern.compile("\\d{13}");

    private static final long A_YEAR_MILLIS = 366L * 24 * 60 * 60 * 1000;

    private static final int MOST_CONNECTIONS = 16;
    private static final int NEVER = Integer.MAX_VALUE / 2;

    private final LiveSale live;
    private final int number;
    private final InetSocketAddress address;
    private final Redisson client;
    private final Map<Channel, WireConnection> wires = new HashMap<>();
    private final Map<HeldChannel, Set<String>> subscribed = new HashMap<>();
    private final Set<String> lockNames = new HashSet<>();
    private final BuyersIds ids = new BuyersIds();
    private boolean ready;
    private boolean delivering;

    /**
     * @param number the process's
     * @param port the server's; only for messages, since connections are made by {@link LiveSale}
     */
    RedissonProcess(LiveSale live, int number, int port) {
        this.live = live;
        this.number = number;
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.client = (Redisson) Redisson.create(config());
        ServiceManager services = client.getServiceManager();
        services.getTimer().stop();
        set(ServiceManager.class, services, "timer", new HeldTimer(this::renewal));
        set(ServiceManager.class, services, "random", ids);
        PublishSubscribeService messages =
                client.getCommandExecutor().getConnectionManager().getSubscribeService();
        set(PublishSubscribeService.class, messages, "lockPubSub", new LockPubSub(messages) {
            @Override
            protected RedissonLockEntry createEntry(CompletableFuture<RedissonLockEntry> promise) {
                return new MessageLatch.Entry(promise);
            }
        });
        set(PublishSubscribeService.class, messages, "semaphorePubSub", new SemaphorePubSub(messages) {
            @Override
            protected RedissonLockEntry createEntry(CompletableFuture<RedissonLockEntry> promise) {
                return new MessageLatch.Entry(promise);
            }
        });
        client.getCommandExecutor().getConnectionManager().getEntrySet(); // connects, and asks what the server can do
        ready = true;
    }

    private Config config() {
        Config config = new Config();
        config.setLazyInitialization(true);
        config.setEventLoopGroup(new CallerLoop());
        config.setExecutor(new CallerExecutor());
        config.setNettyHook(new NettyHook() {
            @Override
            public void afterBoostrapInitialization(Bootstrap bootstrap) {
                set(AbstractBootstrap.class, bootstrap, "channelFactory", null);
                bootstrap.channelFactory(() -> new HeldChannel(RedissonProcess.this));
                bootstrap.disableResolver();
            }

            @Override
            public void afterChannelInitialization(Channel channel) {
                // It is held already.
            }
        });
        // A script goes out with its text each time: whether the server knows it by its SHA changes nothing else.
        config.setUseScriptCache(false);
        config.useSingleServer()
                .setAddress("redis://127.0.0.1:" + address.getPort())
                .setConnectionMinimumIdleSize(1)
                .setConnectionPoolSize(MOST_CONNECTIONS)
                .setSubscriptionConnectionMinimumIdleSize(0)
                .setSubscriptionConnectionPoolSize(MOST_CONNECTIONS)
                .setPingConnectionInterval(0)
                .setDnsMonitoringInterval(-1)
                .setTimeout(NEVER)
                .setRetryAttempts(0);
        return config;
    }

    private static Object get(Class<?> type, Object of, String name) {
        try {
            return field(type, name).get(of);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static void set(Class<?> type, Object of, String name, Object value) {
        try {
            field(type, name).set(of, value);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Field field(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new ExplorerException(
                    type.getName() + " has no field " + name + "; the explorer was built for Redisson 4.7", e);
        }
    }

    @Override
    public RedissonClient client() {
        return client;
    }

    @Override
    public String id() {
        return client.getServiceManager().getId();
    }

    InetSocketAddress address() {
        return address;
    }

    // ---- what the channels ask ----

    void connected(HeldChannel channel) {
        wires.put(channel, live.connectForOtherClient());
    }

    void closed(HeldChannel channel) {
        subscribed.remove(channel);
        WireConnection wire = wires.remove(channel);
        if (wire != null) {
            wire.disconnect();
        }
    }

    /** Sends one command, at once or when the explorer lets it happen, and gives the replies that are there then. */
    List<byte[]> exchange(HeldChannel channel, List<byte[]> written) {
        WireConnection wire = wires.get(channel);
        String name = text(written.get(0)).toUpperCase(Locale.ROOT);
        List<byte[]> words = name.startsWith("EVAL") ? inVirtualTime(written) : written;
        String second = words.size() > 1 ? text(words.get(1)) : "";
        Actor actor = whoSends();
        if (actor == null && ready) {
            return List.of(WireConnection.written(live.exchangeAtHome(WireConnection.command(words))));
        } else if (actor == null || !ready || AT_ONCE.contains(name) || isUnlockLatch(name, second)) {
            return atOnce(channel, wire, name, words, actor);
        }
        if (delivering) {
            throw live.refuse(actor.getName() + " got a message of another buyer's and sent " + name
                    + " on it; the explorer cannot order what is done asynchronously");
        }
        if (name.startsWith("EVAL") && words.size() > 3) {
            lockNames.add(text(words.get(3)));
        }
        List<byte[]> replies;
        try {
            replies = wire.exchange(words);
        } catch (Stopped notSent) {
            renewIfUsed(channel, wire);
            throw notSent;
        } catch (RuntimeException lost) {
            renewIfUsed(channel, wire);
            forgetUnlockLatch(channel, words);
            throw lost;
        }
        replies.stream()
                .limit(1)
                .map(RedissonProcess::text)
                .map(FIRST_NUMBER::matcher)
                .filter(Matcher::find)
                .forEach(number -> MessageLatch.replied(Long.parseLong(number.group(1))));
        return replies;
    }

    /** The replies to what was written but is local to the connection: a transaction that goes on in the next write. */
    List<byte[]> whatIsDue(HeldChannel channel) {
        return wires.get(channel).whatIsDue();
    }

    /**
     * Some of Redisson's scripts (permits that expire, rate limiters, fair locks) are told by the client what time it is,
     * or when something will end: that becomes virtual time, in whole seconds as leases are.
     */
    private List<byte[]> inVirtualTime(List<byte[]> words) {
        long real = System.currentTimeMillis();
        List<byte[]> virtual = new ArrayList<>(words);
        for (int i = 3; i < virtual.size(); i++) {
            String word = text(virtual.get(i));
            if (A_TIME.matcher(word).matches() && Math.abs(Long.parseLong(word) - real) < A_YEAR_MILLIS) {
                Instant when = live.now().plus(fromNow(word, Long.parseLong(word) - real));
                virtual.set(i, String.valueOf(when.toEpochMilli()).getBytes(StandardCharsets.UTF_8));
            }
        }
        return virtual;
    }

    private Duration fromNow(String time, long millis) {
        try {
            return Keyspace.wholeSeconds("the time from now to " + time, millis);
        } catch (ExplorerException odd) {
            throw Actor.current() == null ? odd : live.stopExploring(odd);
        }
    }

    /** The buyer whose command this is; null if it is the explorer's own. */
    private Actor whoSends() {
        if (Thread.currentThread() instanceof Actor actor) {
            return actor;
        } else if (Thread.currentThread() == live.explorersThread()) {
            return null;
        }
        return live.actsForTheBuyerWhoRuns(number);
    }

    /** Half a transaction, or a lost reply, must not meet the next command. */
    private void renewIfUsed(HeldChannel channel, WireConnection wire) {
        if (wire.isUsed() || wire.isBroken()) {
            wire.disconnect();
            wires.put(channel, live.connectForOtherClient());
        }
    }

    /** The reply to an unlock was lost: Redisson would look at the latch if it tried again, and it is not to. */
    private void forgetUnlockLatch(HeldChannel channel, List<byte[]> words) {
        for (byte[] word : words) {
            if (text(word).startsWith(UNLOCK_LATCH)) {
                wires.get(channel).exchangeAtOnce(List.of(bytes("DEL"), word), 1);
                live.leases().found(text(word), false);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isUnlockLatch(String name, String key) {
        return name.equals("DEL") && key.startsWith(UNLOCK_LATCH);
    }

    private List<byte[]> atOnce(
            HeldChannel channel, WireConnection wire, String name, List<byte[]> words, Actor actor) {
        if (name.endsWith("SUBSCRIBE")) {
            return subscribe(channel, wire, !name.contains("UNSUBSCRIBE"), words, actor);
        }
        if (actor != null && name.equals("DEL")) {
            live.leases().found(text(words.get(1)), false);
        }
        return wire.exchangeAtOnce(words, 1);
    }

    private List<byte[]> subscribe(
            HeldChannel channel, WireConnection wire, boolean begins, List<byte[]> words, Actor actor) {
        Set<String> all = subscribed.computeIfAbsent(channel, one -> new HashSet<>());
        Set<String> named = words.stream().skip(1).map(RedissonProcess::text).collect(Collectors.toSet());
        if (actor != null && begins && live.subscribingIsAChoice()) {
            stop(actor, "SUBSCRIBE " + named);
            if (!actor.isStopped()) {
                live.took(actor, Effect.on(actor.process(), named, Set.of()));
            }
        } else if (actor != null) {
            live.alsoRead(actor, named);
        }
        if (begins) {
            all.addAll(named);
        } else {
            all.removeAll(named);
        }
        return wire.subscribeAtOnce(words, named.size());
    }

    private static void stop(Actor actor, String command) {
        try {
            actor.beforeCommand(command);
        } catch (Stopped stopped) {
            // The next command is refused. Redisson would wait for ever for a subscription that does not begin.
        }
    }

    /** Hands on what was published, before anybody does anything else. */
    @Override
    public void deliver(Effect effect) {
        for (Map.Entry<HeldChannel, Set<String>> each : Map.copyOf(subscribed).entrySet()) {
            if (!each.getValue().isEmpty()
                    && (effect.everything() || each.getValue().stream().anyMatch(effect.writes()::contains))) {
                each.getKey().receive(wires.get(each.getKey()).messages(), this::delivering);
            }
        }
    }

    /** Messages are handed on by whoever published them, but are not for it. */
    private void delivering(boolean now) {
        delivering = now;
    }

    private static String text(byte[] word) {
        return new String(word, StandardCharsets.UTF_8);
    }

    // ---- the watchdog ----

    /** Redisson wants to renew its locks later: that may happen at any moment from now on. */
    private void renewal(TimerTask task) {
        Actor actor = Actor.current();
        if (actor == null || actor.isBeside() || actor.isStopped()) {
            return; // what is repeated is done once
        }
        actor.start(() -> {
            try {
                task.run(null);
            } catch (Exception thrown) {
                throw new IllegalStateException(thrown);
            }
        });
    }

    @Override
    public Set<String> renewed() {
        Object task = ((AtomicReference<?>) get(
                        LockRenewalScheduler.class, client.getServiceManager().getRenewalScheduler(), "reference"))
                .get();
        return task == null
                ? Set.of()
                : ((Map<?, ?>) get(LockTask.class.getSuperclass(), task, "name2entry"))
                        .keySet().stream().map(String::valueOf).collect(Collectors.toSet());
    }

    /** Locks that were never released are renewed no more. */
    @Override
    public void tidy() {
        LockRenewalScheduler renewals = client.getServiceManager().getRenewalScheduler();
        for (String name : lockNames) {
            renewals.cancelLockRenewal(name, null);
            renewals.cancelReadLockRenewal(name, null);
        }
        lockNames.clear();
        ids.startAgain();
    }

    @Override
    public void close() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
        List.copyOf(wires.values()).forEach(WireConnection::disconnect);
    }

    /** Runs what it is given on the thread that gives it. */
    private static final class CallerExecutor extends AbstractExecutorService {
        private volatile boolean shutdown;

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            return new ArrayList<>();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shutdown;
        }
    }
}
