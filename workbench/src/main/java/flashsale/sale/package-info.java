/**
 * What a sale is: the contract that every step of every lesson implements, and the audit that judges one sale after
 * it is over. Nothing in here knows of threads, sockets or schedules.
 */
package flashsale.sale;
