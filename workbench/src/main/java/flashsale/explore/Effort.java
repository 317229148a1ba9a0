package flashsale.explore;

import flashsale.sale.Finding;
import java.util.List;

/**
 * What one schedule cost: counts, which are the same on every machine, and no times.
 *
 * @param buyers who wanted one unit each, with a unit for everybody
 * @param sold purchases that were told {@link flashsale.sale.Outcome#SOLD}
 * @param roundTrips how often a buyer sent something and waited for the server's reply; commands that travel together
 *     count once
 * @param aborted transactions that the server refused because a watched key had been written
 * @param findings what the audit says of the sale
 */
public record Effort(int buyers, int sold, int roundTrips, int aborted, List<Finding> findings) {

    /** Copies the list. */
    public Effort {
        findings = List.copyOf(findings);
    }
}
