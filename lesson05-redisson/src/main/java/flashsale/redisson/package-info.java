/** Lesson 5: Redisson's locks and semaphores, what they give to a sale, and what they cannot. */
package flashsale.redisson;
