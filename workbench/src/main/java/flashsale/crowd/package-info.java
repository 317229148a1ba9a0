/**
 * A crowd: hundreds to tens of thousands of buyers on real threads, released at once. It measures, and it confirms
 * that a correct step stands the crush. It proves nothing about a race: for that there is the explorer.
 */
package flashsale.crowd;
