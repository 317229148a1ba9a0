package flashsale.explore;

import java.util.List;
import java.util.OptionalInt;

/** An order for many buyers, of which one schedule is run and not all. */
public enum Pace {
    /** Each buyer finishes before the next begins: nobody is in anybody's way. */
    ONE_AFTER_THE_OTHER {
        @Override
        Choice next(List<Choice> enabled, int ranLast) {
            return enabled.get(0);
        }
    },
    /**
     * Lock-step: each buyer in turn sends one command, so that everybody has read before anybody writes. For a purchase
     * that begins again when another has succeeded meanwhile, this is the worst there is: every success makes all who
     * are still there begin again, and no success can do more.
     */
    LOCK_STEP {
        @Override
        Choice next(List<Choice> enabled, int ranLast) {
            return enabled.stream()
                    .filter(choice -> choice.runs() > ranLast)
                    .findFirst()
                    .orElse(enabled.get(0));
        }
    };

    /** @param ranLast the number of the buyer who ran last, or -1 */
    abstract Choice next(List<Choice> enabled, int ranLast);

    /** Runs one schedule at this pace. */
    Scheduler scheduler() {
        return new Scheduler() {
            private int ranLast = -1;

            @Override
            public boolean startNext() {
                return false;
            }

            @Override
            public OptionalInt choicesInCommon() {
                return OptionalInt.empty();
            }

            @Override
            public void startAgain() {
                ranLast = -1;
            }

            @Override
            public Choice next(List<Choice> enabled) {
                Choice choice = Pace.this.next(enabled, ranLast);
                ranLast = choice.runs();
                return choice;
            }

            @Override
            public void took(Effect effect) {
                // Nothing to learn.
            }
        };
    }
}
