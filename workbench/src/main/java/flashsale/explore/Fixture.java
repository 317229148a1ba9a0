package flashsale.explore;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * What is done around every schedule in the same way: before it the database is wiped and the sale opened, after it the
 * books are read. Each is one round trip, and after a sale that sold everything both are one together.
 */
final class Fixture {

    private final ReadAheadConnection house;
    private final CommandKeys commandKeys;
    private final ReadAheadConnection.Memory opening = new ReadAheadConnection.Memory();
    private final ReadAheadConnection.Call reading =
            new ReadAheadConnection.Call(List.of(), new ReadAheadConnection.Memory());
    private boolean first = true;
    private boolean booksReadTheSameKeys = true;

    /** @param house the connection that the step's code gets on the explorer's thread */
    Fixture(ReadAheadConnection house, CommandKeys commandKeys) {
        this.house = house;
        this.commandKeys = commandKeys;
    }

    /** Wipes the database and opens a sale. @param open makes the processes, and lets one of them open it */
    List<FlashSale> open(Supplier<List<FlashSale>> open) {
        List<FlashSale> processes = house.make(opening(), open);
        opening.words().forEach(commandKeys::learn);
        return processes;
    }

    /**
     * Reads the books.
     *
     * @param soldOut whether everything was sold: then nobody else needs the database as it is, and the next sale is
     *     opened in the same round trip
     * @return empty if the books tell otherwise, or read other keys than last time: the database is gone by then, and
     *     the schedule has to be played once more
     */
    Optional<Books> books(Supplier<Books> read, boolean soldOut) {
        if (!soldOut || !booksReadTheSameKeys || reading.memory().isEmpty()) {
            return Optional.of(house.make(reading, read));
        }
        ReadAheadConnection.Call nextOpening = opening();
        house.readAhead(reading, nextOpening);
        Optional<Books> books = house.answer(reading, read);
        booksReadTheSameKeys = books.isPresent();
        if (books.isEmpty() || books.get().remaining().orElse(0) > 0) {
            house.forget(nextOpening);
            return Optional.empty();
        }
        return books;
    }

    private ReadAheadConnection.Call opening() {
        return new ReadAheadConnection.Call(wipe(), opening);
    }

    /** Emptying the script cache makes the server build its Lua interpreter anew, so it is done only where it matters. */
    private List<CommandArguments> wipe() {
        CommandArguments emptyDatabase = new CommandArguments(Command.FLUSHDB);
        CommandArguments emptyScriptCache =
                new CommandArguments(Command.SCRIPT).add("FLUSH").add("SYNC");
        boolean both = first || commandKeys.scriptCacheMatters();
        first = false;
        return both ? List.of(emptyDatabase, emptyScriptCache) : List.of(emptyDatabase);
    }
}
