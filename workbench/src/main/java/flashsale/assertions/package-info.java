/** What a lesson's test is written with: explore a claim, see what happened, and assert what it says. */
package flashsale.assertions;
