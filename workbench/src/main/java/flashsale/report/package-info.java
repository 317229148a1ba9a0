/**
 * What the reader sees of an exploration, as text: the {@link flashsale.report.Timeline} of one schedule, the
 * {@link flashsale.report.ProofLine} of a proof, and the {@link flashsale.report.Matrix} of many results. Pure
 * functions: they read nothing and print nothing, and equal results make equal text.
 */
package flashsale.report;
