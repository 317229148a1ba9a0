/** Lesson 2: optimistic locking with {@code WATCH}, as two articles print it, and as it should be. */
package flashsale.watch;
