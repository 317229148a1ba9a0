package flashsale.stage;

import flashsale.explore.Claim;
import flashsale.explore.Exploration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Explores one claim after the other; who watches a terminal sees how far it is. */
final class Survey {

    private static final int BAR_WIDTH = 100;

    private Survey() {}

    static List<Result> of(List<Claim> claims, Function<Claim, Exploration> explore, Streams streams) {
        if (!streams.terminal()) {
            return claims.stream()
                    .map(claim -> new Result(claim, explore.apply(claim)))
                    .toList();
        }
        List<Result> results = new ArrayList<>();
        try (ProgressBar bar = bar(claims.size(), streams)) {
            for (Claim claim : claims) {
                bar.setExtraMessage(claim.step().name());
                results.add(new Result(claim, explore.apply(claim)));
                bar.step();
            }
        }
        return results;
    }

    private static ProgressBar bar(int claims, Streams streams) {
        return new ProgressBarBuilder()
                .setTaskName("claims")
                .setInitialMax(claims)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(streams.err(), BAR_WIDTH))
                .setUpdateIntervalMillis(100)
                .clearDisplayOnFinish()
                .build();
    }
}
