package flashsale.stage;

import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on stderr for who watches a terminal; nothing for anybody else. Goes when it is closed. */
final class Progress implements AutoCloseable {

    private static final int BAR_WIDTH = 100;

    private final Optional<ProgressBar> bar;

    private Progress(Optional<ProgressBar> bar) {
        this.bar = bar;
    }

    /** @param most how many things there are to do */
    static Progress of(String what, int most, Streams streams) {
        return new Progress(
                streams.terminal()
                        ? Optional.of(new ProgressBarBuilder()
                                .setTaskName(what)
                                .setInitialMax(most)
                                .setStyle(ProgressBarStyle.ASCII)
                                .setConsumer(new ConsoleProgressBarConsumer(streams.err(), BAR_WIDTH))
                                .setUpdateIntervalMillis(100)
                                .clearDisplayOnFinish()
                                .build())
                        : Optional.empty());
    }

    /** Says what is being done. */
    void at(String what) {
        bar.ifPresent(shown -> shown.setExtraMessage(what));
    }

    /** One thing is done. */
    void step() {
        bar.ifPresent(ProgressBar::step);
    }

    /** So many things fewer are to be done than was said; below zero, so many more. */
    void drop(int things) {
        bar.ifPresent(shown -> shown.maxHint(shown.getMax() - things));
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
