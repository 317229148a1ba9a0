/**
 * The command line, on top of every lesson: what each step does, the replay of a schedule, and how fast the explorer
 * is. {@link flashsale.stage.Lessons} is the one place that knows which lessons there are.
 */
package flashsale.stage;
