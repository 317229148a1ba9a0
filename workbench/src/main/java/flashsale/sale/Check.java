package flashsale.sale;

/** Refuses bad input before a command is sent: every message names the field, the value and what would do. */
final class Check {

    private Check() {}

    static String notBlank(String field, String value) {
        if (value == null || value.isBlank()) {
            throw refuse(field, value == null ? "null" : '"' + value + '"', "a text that is not blank");
        }
        return value;
    }

    static int atLeast(int least, String field, int value) {
        if (value < least) {
            throw refuse(field, String.valueOf(value), "a whole number from " + least);
        }
        return value;
    }

    /** An item stands between the braces of a Redis hash tag, so a brace or a blank would change which slot it names. */
    static String item(String value) {
        notBlank("item", value);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '{' || c == '}' || Character.isWhitespace(c)) {
                throw refuse("item", '"' + value + '"', "a name without braces and blanks, such as concert");
            }
        }
        return value;
    }

    private static IllegalArgumentException refuse(String field, String value, String wanted) {
        return new IllegalArgumentException(field + " is " + value + ", but must be " + wanted);
    }
}
