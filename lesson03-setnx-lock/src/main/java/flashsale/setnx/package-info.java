/** Lesson 3: a lock in Redis, every way in which it fails, and the fencing token that does what a lock cannot. */
package flashsale.setnx;
