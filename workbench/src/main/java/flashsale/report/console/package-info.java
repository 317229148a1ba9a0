/** What a test run prints: each class by its name, and under it every test with how it ended. */
package flashsale.report.console;
