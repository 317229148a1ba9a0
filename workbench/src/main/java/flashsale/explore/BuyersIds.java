package flashsale.explore;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * The ids that Redisson gives to permits and the like: it makes them of random bytes, and under the explorer these are the
 * buyer's name and a number, {@code Alice-1}. So a reader knows whose permit it is, and each schedule has the same ones.
 */
final class BuyersIds extends Random {

    private static final long serialVersionUID = 1L;
    private static final char FILLER = '.';
    private static final int LONGEST_NAME = 12;

    private final transient Map<String, Integer> given = new HashMap<>();

    /** Counts from 1 again. */
    void startAgain() {
        given.clear();
    }

    @Override
    public void nextBytes(byte[] bytes) {
        Actor actor = Actor.current();
        String name = actor == null ? "explorer" : actor.getName();
        String shorter = name.substring(0, Math.min(name.length(), LONGEST_NAME));
        byte[] id = (shorter + "-" + given.merge(shorter, 1, Integer::sum)).getBytes(StandardCharsets.UTF_8);
        Arrays.fill(bytes, (byte) FILLER);
        System.arraycopy(id, 0, bytes, 0, Math.min(id.length, bytes.length));
    }

    /** Whose id this is; the id itself if nobody's. */
    static String buyerOf(String id) {
        return id.replaceFirst("-\\d+\\.*$", "");
    }

    /** A word of a command, without what fills an id up to its length. */
    static String shown(String word) {
        return word.replaceFirst("(-\\d+)\\.+$", "$1");
    }
}
