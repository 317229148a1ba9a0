/** Lesson 4: the purchase as one Lua script, from the article's version to an order in a database. */
package flashsale.lua;
