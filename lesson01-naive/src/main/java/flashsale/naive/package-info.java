/** Lesson 1: selling with plain commands, and why checking first does not help. */
package flashsale.naive;
