package flashsale.explore;

import java.util.List;
import java.util.OptionalInt;

/**
 * Decides, choice by choice, what happens in a schedule. One schedule after the other is started; within one, calls
 * alternate between {@link #next} and {@link #took}.
 */
interface Scheduler {

    /** Whether there is another schedule to run; if so, the next call of {@link #next} is at its beginning. */
    boolean startNext();

    /**
     * With how many choices the schedule begins that the one before began with, too; empty if nothing is to be made of
     * that, because the schedule is to be seen as the client runs it.
     */
    OptionalInt choicesInCommon();

    /** The schedule that was started was broken off; the next call of {@link #next} is at its beginning again. */
    void startAgain();

    /**
     * Picks what happens next.
     *
     * @param enabled everything that can happen, in a fixed order; never empty
     * @return one of them, or null to cut the schedule short because another one stands for it
     * @throws DivergedException if what can happen is not what the scheduler remembers of the same point
     */
    Choice next(List<Choice> enabled);

    /** Says what the choice that was picked last has touched. */
    void took(Effect effect);
}
