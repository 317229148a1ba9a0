/**
 * The explorer: drives every interleaving of a few buyers' Redis commands against a real Redis server, with faults
 * placed in them, and audits each (stateless model checking by re-execution).
 *
 * <p>Read in this order: {@link flashsale.explore.Choice} (what can happen next),
 * {@link flashsale.explore.Effect} (which two of these can be swapped), {@link flashsale.explore.DepthFirst} (the
 * search), {@link flashsale.explore.Run} (one schedule on real threads), {@link flashsale.explore.GatedConnection} (how
 * a command of ordinary Jedis code is held back).
 *
 * <p>Sources: P. Godefroid, <i>Partial-Order Methods for the Verification of Concurrent Systems</i>, LNCS 1032, 1996
 * (sleep sets); M. Musuvathi and S. Qadeer, <i>Iterative Context Bounding for Systematic Testing of Multithreaded
 * Programs</i>, PLDI 2007 (shortest counterexample first).
 */
package flashsale.explore;
