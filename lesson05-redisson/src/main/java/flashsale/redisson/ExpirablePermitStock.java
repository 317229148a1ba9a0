package flashsale.redisson;

import flashsale.sale.Books;
import flashsale.sale.FlashSale;
import flashsale.sale.Outcome;
import flashsale.sale.Purchase;
import flashsale.sale.SaleKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RPermitExpirableSemaphore;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;

/**
 * Step 8: a reservation that returns by itself. The buyer takes permits that end, pays, and then one script,
 * {@code confirm-permits.lua}, turns the permits into an order, if they still stand.
 *
 * <p><b>Why it holds.</b> Whoever reserves next first takes out of Redis the permits that have ended. So a permit that
 * still stands in Redis belongs to nobody else, and the script that finds it there takes it out and records the order in
 * the same step. If the payment comes too late, the buyer is told so, and gets the money back. A process that dies loses
 * nothing: its permits end.
 *
 * <p><b>What it needs.</b> The name and shape of Redisson's own keys, since Redisson has no such command.
 *
 * <p>See it: {@code mvn test -pl lesson05-redisson -Dtest=ExpirablePermitStockTest}
 */
public final class ExpirablePermitStock implements FlashSale {

    static final Script CONFIRM = Script.in("confirm-permits.lua");

    private final RedissonClient redisson;
    private final SaleKeys keys;
    private final Duration timeToPay;

    /** @param timeToPay for how long a unit is kept for a buyer who has not paid yet; whole milliseconds, from 1 */
    public ExpirablePermitStock(RedissonClient redisson, String item, Duration timeToPay) {
        if (timeToPay.toMillis() < 1) {
            throw new IllegalArgumentException("timeToPay is " + timeToPay + ", but must be at least a millisecond");
        }
        this.redisson = redisson;
        this.keys = new SaleKeys(item);
        this.timeToPay = timeToPay;
    }

    @Override
    public void open(int stock) {
        SaleKeys.checkStock(stock);
        RPermitExpirableSemaphore units = redisson.getPermitExpirableSemaphore(keys.stock());
        units.delete();
        redisson.getKeys().delete(keys.orders());
        units.trySetPermits(stock);
    }

    @Override
    public Outcome buy(Purchase purchase) {
        RPermitExpirableSemaphore units = redisson.getPermitExpirableSemaphore(keys.stock());
        List<String> permits = reserve(units, purchase.quantity());
        if (permits.isEmpty()) {
            return whyNot(units, purchase);
        }
        // Here the buyer pays. That may take longer than timeToPay.
        List<Object> args = new ArrayList<>(List.of(purchase.buyer().getBytes(StandardCharsets.UTF_8)));
        permits.forEach(permit -> args.add(HexFormat.of().parseHex(permit)));
        byte[] outcome = redisson.getScript(ByteArrayCodec.INSTANCE)
                .eval(
                        RScript.Mode.READ_WRITE,
                        CONFIRM.text(),
                        RScript.ReturnType.VALUE,
                        List.of(keys.key("stock:timeout"), keys.orders()),
                        args.toArray());
        return Outcome.valueOf(new String(outcome, StandardCharsets.UTF_8));
    }

    private List<String> reserve(RPermitExpirableSemaphore units, int quantity) {
        try {
            return units.tryAcquire(quantity, 0, timeToPay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while reserving", e);
        }
    }

    /** Sold out is what is sold; what is only reserved may come back. */
    private Outcome whyNot(RPermitExpirableSemaphore units, Purchase purchase) {
        if (units.getPermits() >= purchase.quantity()) {
            return Outcome.CONTENDED;
        }
        return units.isExists() ? Outcome.SOLD_OUT : Outcome.NO_SUCH_SALE;
    }

    @Override
    public Books books() {
        RPermitExpirableSemaphore units = redisson.getPermitExpirableSemaphore(keys.stock());
        return Books.of(
                units.isExists() ? String.valueOf(units.getPermits()) : null, // a unit that is reserved is not sold
                redisson.<String, String>getMap(keys.orders(), StringCodec.INSTANCE)
                        .readAllMap());
    }
}
