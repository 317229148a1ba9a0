package flashsale.explore;

import flashsale.sale.FlashSale;
import flashsale.sale.SaleContext;
import flashsale.sale.SaleKeys;
import java.util.List;
import java.util.function.Function;

/**
 * One implementation inside a lesson.
 *
 * @param lesson the lesson's folder, such as {@code lesson01-naive}
 * @param type the class that the student reads
 * @param factory builds an instance as one application server would
 * @param stockKeys which keys hold the remaining units of a sale, in the order in which a timeline shows them
 */
public record Step(
        String lesson,
        Class<? extends FlashSale> type,
        Function<SaleContext, FlashSale> factory,
        Function<SaleKeys, List<String>> stockKeys) {

    private static final Function<SaleKeys, List<String>> ONE_KEY = keys -> List.of(keys.stock());

    /** A step that keeps the remaining units in {@link SaleKeys#stock()}. */
    public Step(String lesson, Class<? extends FlashSale> type, Function<SaleContext, FlashSale> factory) {
        this(lesson, type, factory, ONE_KEY);
    }

    /** The class's simple name, by which the step is called everywhere. */
    public String name() {
        return type.getSimpleName();
    }

    @Override
    public String toString() {
        return name();
    }
}
