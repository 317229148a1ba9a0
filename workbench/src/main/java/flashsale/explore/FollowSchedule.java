package flashsale.explore;

import java.util.List;
import java.util.OptionalInt;

/** Runs one given schedule, and stops with "diverged at step n" where it does not fit. */
final class FollowSchedule implements Scheduler {

    private final Schedule schedule;
    private int step;
    private boolean started;

    FollowSchedule(Schedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public boolean startNext() {
        boolean first = !started;
        started = true;
        return first;
    }

    @Override
    public OptionalInt choicesInCommon() {
        return OptionalInt.empty();
    }

    @Override
    public void startAgain() {
        step = 0;
    }

    @Override
    public Choice next(List<Choice> enabled) {
        if (step == schedule.choices().size()) {
            throw new DivergedException("the schedule " + schedule + " ends after step " + step
                    + ", but the sale is not over; possible next: " + enabled);
        }
        Choice wanted = schedule.choices().get(step);
        step++;
        if (!enabled.contains(wanted)) {
            throw new DivergedException(
                    "diverged at step " + step + ": " + wanted + " is not possible here; possible: " + enabled);
        }
        return wanted;
    }

    @Override
    public void took(Effect effect) {
        // A replay has nothing to learn from effects.
    }

    /** @throws DivergedException if the sale was over before the schedule was */
    void checkFinished() {
        if (step < schedule.choices().size()) {
            throw new DivergedException("diverged at step " + (step + 1) + ": the sale was over, but the schedule "
                    + schedule + " goes on with " + schedule.choices().get(step));
        }
    }
}
