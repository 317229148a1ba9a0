package flashsale.explore;

import flashsale.sale.FlashSale;
import flashsale.sale.SaleContext;
import java.util.function.Function;

/**
 * One implementation inside a lesson.
 *
 * @param lesson the lesson's folder, such as {@code lesson01-naive}
 * @param type the class that the student reads
 * @param factory builds an instance as one application server would
 */
public record Step(String lesson, Class<? extends FlashSale> type, Function<SaleContext, FlashSale> factory) {

    /** The class's simple name, by which the step is called everywhere. */
    public String name() {
        return type.getSimpleName();
    }

    @Override
    public String toString() {
        return name();
    }
}
