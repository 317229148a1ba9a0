package flashsale.explore;

import flashsale.explore.CommonBeginning.Exchange;
import flashsale.explore.CommonBeginning.RepliesDiffer;
import flashsale.explore.CommonBeginning.Sending;
import flashsale.redis.RedisServer;
import flashsale.sale.Answer;
import flashsale.sale.Audit;
import flashsale.sale.Books;
import flashsale.sale.Finding;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.Repeater;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleRecord;
import flashsale.sale.SaleRecord.Wish;
import flashsale.sale.Sleeper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One step in one scenario, played again and again: it keeps the server, the connections and the buyers' threads from
 * schedule to schedule, puts everything back to the beginning before each, and audits each.
 */
final class LiveSale implements AutoCloseable {

    private static final String NEWCOMER = "a newcomer";
    private static final int NEWCOMERS_PROCESS = -1;

    /** When the newcomer comes, by the clocks of those who sell: whatever they bound in time is over. */
    private static final Instant MUCH_LATER = Instant.EPOCH.plus(Duration.ofDays(365));

    /** How often a schedule is played before too much real time in it is an error. */
    private static final int MOST_ATTEMPTS = 5;

    private final Step step;
    private final boolean subscribingIsAChoice;
    private final Scenario scenario;
    private final Scenario newcomerScenario;
    private final List<String> stockKeys;
    private final RedisServer server;
    private final Thread explorer = Thread.currentThread();
    private final Turn turn = new Turn(explorer);
    private final ReadAheadConnection house;
    private final Connection hands;
    private final CommonBeginning common;
    private final Keyspace keyspace;
    private final CommandKeys commandKeys;
    private final Fixture fixture;
    private final KeyNames names;
    private final BuyerConnections connections;
    private final List<Actor> actors = new ArrayList<>();
    private final Actor newcomer;
    private final RedisClient client;
    private final Map<Integer, OtherClient> otherClients = new HashMap<>();
    /** Many schedules end alike, and the audit is a pure function. */
    private final Map<SaleRecord, List<Finding>> audits = new HashMap<>();

    private boolean knowsThatTheScriptCacheMatters;
    private boolean repliesDiffered;
    private Run run;
    /** The run of the sale itself, also while the newcomer has one. */
    private Run sale;

    /** One schedule that was played and audited. */
    record Played(Run run, boolean cut, SaleRecord sale, List<Finding> findings, String endState) {}

    /**
     * @param subscribingIsAChoice whether a subscription stops at the gate, as if it could make a difference when
     * @param oneByOne whether nothing is made of what schedules have in common
     */
    LiveSale(Step step, Scenario scenario, RedisServer server, boolean subscribingIsAChoice, boolean oneByOne) {
        this.subscribingIsAChoice = subscribingIsAChoice;
        if (scenario.buyers().isEmpty()) {
            throw new IllegalArgumentException("scenario \"" + scenario.name() + "\" has no buyers");
        }
        this.step = step;
        this.scenario = scenario;
        this.server = server;
        this.stockKeys = step.stockKeys().apply(scenario.keys());
        this.newcomerScenario = Scenario.named("newcomer")
                .item(scenario.item())
                .client(NEWCOMER, new Purchase(NEWCOMER, 1, "newcomer-1"))
                .attempts(scenario.attempts());
        ReadAheadConnection.Builder builder = new ReadAheadConnection.Builder();
        try {
            house = (ReadAheadConnection)
                    configure(builder, resp2(server.clientConfig())).build();
            hands = configure(Connection.builder()).build();
        } catch (JedisException e) {
            throw lostServer(e);
        }
        connections = new BuyerConnections(this, house);
        common = new CommonBeginning(hands);
        if (oneByOne) {
            common.turnOff();
        }
        keyspace = new Keyspace(hands, common, this::choicesMade);
        commandKeys = new CommandKeys(hands, scenario.faultKinds().contains(Fault.SCRIPT_FLUSH));
        fixture = new Fixture(house, commandKeys);
        knowsThatTheScriptCacheMatters = commandKeys.scriptCacheMatters();
        names = new KeyNames(scenario);
        for (Scenario.Buyer buyer : scenario.buyers()) {
            actors.add(new Actor(turn, actors.size(), buyer.name()));
        }
        newcomer = new Actor(turn, 0, NEWCOMER);
        actors.forEach(Actor::start);
        newcomer.start();
        client = RedisClient.builder().connectionProvider(connections).build();
    }

    /** What a process gives its instance of the step. @param process its number, or {@link #NEWCOMERS_PROCESS} */
    private SaleContext context(int process) {
        InstantSource clock = () -> run.time().instant();
        return new SaleContext(
                client,
                scenario.item(),
                scenario.limit(),
                clock,
                new ParkingSleeper(),
                LiveSale::repeat,
                type -> otherClient(type, process));
    }

    /** Redisson is not on everybody's class path, so its classes are touched only if a step asks for its client. */
    private Object otherClient(Class<?> type, int process) {
        if (!type.getName().equals("org.redisson.api.RedissonClient")) {
            return null;
        }
        return otherClients
                .computeIfAbsent(
                        process,
                        missing -> new RedissonProcess(
                                this, process, server.address().getPort()))
                .client();
    }

    /** A connection for another client library than Jedis. */
    WireConnection connectForOtherClient() {
        JedisClientConfig config = resp2(DefaultJedisClientConfig.builder()
                .from(server.clientConfig())
                .timeoutMillis(0)
                .build());
        catchUp();
        common.turnOff();
        try {
            return (WireConnection)
                    configure(new WireConnection.Builder(this), config).build();
        } catch (JedisException e) {
            throw lostServer(e);
        }
    }

    private static JedisClientConfig resp2(JedisClientConfig config) {
        return DefaultJedisClientConfig.builder()
                .from(config)
                .protocol(RedisProtocol.RESP2)
                .build();
    }

    /** A command of the explorer's own, before or after a schedule, for another client library. */
    Object exchangeAtHome(CommandArguments command) {
        try {
            return house.executeCommand(command);
        } catch (JedisDataException error) {
            return error;
        }
    }

    /** The thread that opens the sale and reads its books. */
    Thread explorersThread() {
        return explorer;
    }

    /** A thread that is no buyer's sends a command: it can only do so for the buyer who has the turn. */
    Actor actsForTheBuyerWhoRuns(int process) {
        if (!(turn.holder() instanceof Actor actor) || (actor != newcomer && actor.process() != process)) {
            throw new IllegalStateException(
                    "the thread \"" + Thread.currentThread().getName()
                            + "\" uses the client, but is no buyer: the explorer cannot order what it does");
        }
        try {
            actor.actHere();
        } catch (ExplorerException cannotBeOrdered) {
            run.fail(cannotBeOrdered);
            throw cannotBeOrdered;
        }
        return actor;
    }

    /** The virtual time. */
    Instant now() {
        return run.time().instant();
    }

    boolean subscribingIsAChoice() {
        return subscribingIsAChoice;
    }

    void alsoRead(Actor actor, Set<String> keys) {
        run.alsoRead(actor, keys);
    }

    private Connection.Builder configure(Connection.Builder builder) {
        return configure(builder, server.clientConfig());
    }

    /**
     * Tells a builder how a buyer reaches the server: without timeouts, for the JVM makes two more system calls for each
     * read that has one. {@link Run} bounds how long a buyer may go without a reply.
     */
    Connection.Builder configureForBuyer(Connection.Builder builder) {
        return configure(
                builder,
                DefaultJedisClientConfig.builder()
                        .from(server.clientConfig())
                        .timeoutMillis(0)
                        .build());
    }

    private Connection.Builder configure(Connection.Builder builder, JedisClientConfig config) {
        return builder.socketFactory(new DefaultJedisSocketFactory(server.address(), config))
                .clientConfig(config);
    }

    /**
     * Whether it turned out since the last call that the script cache matters, or that replies differ from schedule to
     * schedule, so that no earlier schedule counts.
     */
    boolean mustStartAgain() {
        boolean news = repliesDiffered || (commandKeys.scriptCacheMatters() && !knowsThatTheScriptCacheMatters);
        knowsThatTheScriptCacheMatters = commandKeys.scriptCacheMatters();
        repliesDiffered = false;
        return news;
    }

    /** Plays one schedule from the beginning. */
    Played play(Scheduler scheduler, boolean full, boolean withEndState) {
        for (int attempt = 1; ; attempt++) {
            try {
                return playAndAudit(scheduler, full, withEndState, !full && !withEndState);
            } catch (ExplorerException why) {
                if (!why.isByRealTime() || attempt == MOST_ATTEMPTS) {
                    throw why;
                }
                connections.tidy();
                common.forget();
                scheduler.startAgain();
            } catch (JedisConnectionException gone) {
                throw lostServer(gone);
            }
        }
    }

    private Played playAndAudit(
            Scheduler scheduler, boolean full, boolean withEndState, boolean mayOpenTheNextAlready) {
        TraceWriter trace = new TraceWriter(scenario, names, keyspace, step.type(), stockKeys, full);
        run = new Run(scenario, scheduler, actors, turn, keyspace, names, trace, this::renewed);
        sale = run;
        otherClients.values().forEach(OtherClient::tidy);
        List<FlashSale> processes = fixture.open(this::openWithFreshInstances);
        for (Actor actor : actors) {
            actor.prepare(
                    run,
                    processes.get(scenario.process(actor.number())),
                    scenario.buyers().get(actor.number()).purchases());
        }
        common.begin(scheduler.choicesInCommon());
        keyspace.begin();
        Run.End end;
        try {
            end = run.play();
            if (scheduler.choicesInCommon().isPresent()) {
                keyspace.checkRealTime();
            }
            if (end == Run.End.OVER) {
                common.catchUp();
                connections.checkWhatWasTold();
            }
        } catch (RepliesDiffer searchAgain) {
            connections.close(); // on the one that has shown it there may be more to read
            common.turnOff();
            repliesDiffered = true;
            return new Played(run, true, null, List.of(), null);
        } catch (DivergedException diverged) {
            keyspace.checkRealTime();
            throw diverged;
        }
        connections.tidy();
        Run played = run;
        if (end == Run.End.CUT) {
            return new Played(played, true, null, List.of(), null);
        }
        List<Wish> wishes = new ArrayList<>();
        actors.forEach(actor -> wishes.addAll(actor.wishes()));
        boolean soldOut = mayOpenTheNextAlready && unitsSold(wishes) >= scenario.stock();
        Optional<Books> read = fixture.books(processes.get(0)::books, soldOut);
        if (read.isEmpty()) {
            return playAndAudit(new FollowSchedule(played.schedule()), full, withEndState, false);
        }
        Books books = read.get();
        String endState = withEndState ? wishes + " " + books + " " + withBuyersNames(keyspace.contents()) : null;
        Optional<Answer> newcomer = books.remaining().orElse(0) < 1 ? Optional.empty() : Optional.of(askAsNewcomer());
        SaleRecord sale = new SaleRecord(
                scenario.stock(), scenario.limit(), wishes, books, newcomer, played.evicted(), Set.copyOf(stockKeys));
        return new Played(played, false, sale, audits.computeIfAbsent(sale, Audit::of), endState);
    }

    private static int unitsSold(List<Wish> wishes) {
        return wishes.stream()
                .filter(wish -> wish.answer().equals(new Answer.Told(Outcome.SOLD)))
                .mapToInt(wish -> wish.purchase().quantity())
                .sum();
    }

    /** A lock of Redisson's holds a random name and the number of a thread. */
    private String withBuyersNames(String contents) {
        String named = contents;
        for (Actor actor : actors) {
            OtherClient other = otherClients.get(scenario.process(actor.number()));
            if (other != null) {
                named = named.replace(other.id() + ":" + actor.getId(), actor.getName());
            }
        }
        return named;
    }

    /** What processes that live keep renewing. */
    private Set<String> renewed() {
        Set<String> all = new HashSet<>();
        otherClients.forEach((process, other) -> {
            if (!sale.crashed().contains(process)) {
                all.addAll(other.renewed());
            }
        });
        return all;
    }

    private List<FlashSale> openWithFreshInstances() {
        List<FlashSale> processes = new ArrayList<>();
        for (int buyer = 0; buyer < actors.size(); buyer++) {
            if (scenario.process(buyer) == processes.size()) {
                processes.add(step.factory().apply(context(processes.size())));
            }
        }
        processes.get(0).open(scenario.stock());
        return processes;
    }

    /** Stock remains: can somebody else still buy, once every lease has run out? */
    private Answer askAsNewcomer() {
        common.pause();
        Set<String> endless = renewed();
        keyspace.leased().stream().filter(key -> !endless.contains(key)).forEach(keyspace::delete);
        Scheduler asItComes = Pace.ONE_AFTER_THE_OTHER.scheduler();
        TraceWriter trace = new TraceWriter(newcomerScenario, names, keyspace, step.type(), stockKeys, false);
        run = new Run(newcomerScenario, asItComes, List.of(newcomer), turn, keyspace, names, trace, this::renewed);
        run.time().advanceTo(MUCH_LATER);
        FlashSale sale = step.factory().apply(context(NEWCOMERS_PROCESS));
        newcomer.prepare(run, sale, newcomerScenario.buyers().get(0).purchases());
        run.play();
        connections.tidy();
        return newcomer.wishes().get(0).answer();
    }

    // ---- what the buyers' connections need ----

    CommandKeys commandKeys() {
        return commandKeys;
    }

    TraceWriter trace() {
        return run.trace();
    }

    void took(Actor actor, Effect effect) {
        run.took(actor, effect);
        otherClients.values().forEach(other -> other.deliver(effect));
    }

    /** Whether each command has to ask for the leases of the keys that it writes. */
    boolean watchesLeases() {
        return run.watchesLeases();
    }

    Leases leases() {
        return run.leases();
    }

    /** What came of a buyer's command in the last schedule, if this one has been the same until now. */
    Optional<Exchange> repeat(Sending sending) {
        return orStop(() -> common.repeat(choicesMade(), sending));
    }

    void executed(Sending sending, Exchange exchange) {
        common.remember(choicesMade(), sending, exchange);
    }

    /** The server executes what was only repeated. */
    void catchUp() {
        orStop(() -> {
            common.catchUp();
            return null;
        });
    }

    private <T> T orStop(Supplier<T> exchange) {
        try {
            return exchange.get();
        } catch (RepliesDiffer differ) {
            throw stopExploring(differ);
        } catch (JedisConnectionException gone) {
            throw lostServer(gone);
        }
    }

    /** Whether a buyer may be told what a reply must be before the server has been asked. */
    boolean mayTellAhead() {
        return common.isOn();
    }

    RuntimeException wasToldWrongly(List<String> words, Object reply) {
        RepliesDiffer differ = new RepliesDiffer(String.join(" ", words) + " was refused: " + CommandText.whole(reply));
        return Actor.current() == null ? differ : stopExploring(differ);
    }

    /** A command depends on its connection, or on the time. */
    void mustBeSentOneByOne() {
        common.turnOff();
    }

    private int choicesMade() {
        return run.choicesMade();
    }

    void waitedForReply() {
        run.waitedForReply();
    }

    void aborted() {
        run.aborted();
    }

    /** The server has gone; whatever the buyers see of that is no verdict. */
    RuntimeException lostServer(Exception why) {
        ExplorerException lost = new ExplorerException(
                "lost " + server.description() + " while exploring " + step.name() + ", \"" + scenario.name() + "\": "
                        + why.getMessage() + "; nothing was decided. Is the server still running?",
                why);
        if (Actor.current() == null) {
            return lost;
        }
        return stopExploring(lost);
    }

    /** The step does what no schedule can order. */
    RuntimeException refuse(String why) {
        return stopExploring(new ExplorerException(step.name() + ", \"" + scenario.name() + "\": " + why));
    }

    /** Ends the schedule that is under way, on a buyer's thread. */
    RuntimeException stopExploring(RuntimeException why) {
        run.fail(why);
        Actor.current().stop("the exploration was stopped");
        throw new Stopped();
    }

    /** Sleeps in the virtual time of the schedule. */
    private static final class ParkingSleeper implements Sleeper {
        @Override
        public void sleep(Duration pause, Instant deadline) {
            Actor actor = Actor.current();
            if (actor == null) {
                throw new IllegalStateException("only buyers wait under the explorer; \""
                        + Thread.currentThread().getName() + "\" is none");
            }
            actor.sleep(pause, deadline);
        }
    }

    /** When the task runs is a choice of the schedule; that may be late, so closing does not take the choice away. */
    private static Repeater.Repeated repeat(Duration period, Runnable task) {
        Actor actor = Actor.current();
        if (actor == null) {
            throw new IllegalStateException("only buyers repeat something under the explorer; \""
                    + Thread.currentThread().getName() + "\" is none");
        }
        actor.start(task);
        return () -> {};
    }

    @Override
    public void close() {
        actors.forEach(Actor::dismiss);
        newcomer.dismiss();
        connections.close();
        otherClients.values().forEach(OtherClient::close);
        house.disconnect();
        hands.disconnect();
    }
}
