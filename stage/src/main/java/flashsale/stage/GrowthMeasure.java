package flashsale.stage;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What is looked at as the crowd grows. */
enum GrowthMeasure {
    SERVER(
            "CPU time of the server for each ticket sold, in microseconds",
            1,
            each -> each.serverMicros().median()),
    ROUND_TRIPS("Round trips for each ticket sold", 1, each -> each.roundTrips().median()),
    LATENCY("Milliseconds in which half of the buyers had their ticket", 2, each -> each.p50Micros() / 1e3);

    private final String title;
    private final int places;
    private final ToDoubleFunction<Standing> value;

    GrowthMeasure(String title, int places, ToDoubleFunction<Standing> value) {
        this.title = title;
        this.places = places;
        this.value = value;
    }

    String title() {
        return title;
    }

    double value(Standing standing) {
        return value.applyAsDouble(standing);
    }

    /** The value with as many decimals as it deserves. */
    String text(Standing standing) {
        return String.format(Locale.ROOT, "%." + places + "f", value(standing));
    }
}
