package flashsale.stage;

import flashsale.explore.Claim;
import flashsale.explore.Exploration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Explores one claim after the other; who watches a terminal sees how far it is. */
final class Survey {

    private Survey() {}

    static List<Result> of(List<Claim> claims, Function<Claim, Exploration> explore, Streams streams) {
        List<Result> results = new ArrayList<>();
        try (Progress progress = Progress.of("claims", claims.size(), streams)) {
            for (Claim claim : claims) {
                progress.at(claim.step().name());
                results.add(new Result(claim, explore.apply(claim)));
                progress.step();
            }
        }
        return results;
    }
}
