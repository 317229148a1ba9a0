package flashsale.stage;

import java.util.List;

/**
 * What was measured several times.
 *
 * @param median the middle one; of an even number, the mean of the two in the middle
 * @param least the smallest
 * @param most the largest
 */
record Spread(double median, double least, double most) {

    /** @throws IllegalArgumentException if there are no values */
    static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values is [], but must hold at least one");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
