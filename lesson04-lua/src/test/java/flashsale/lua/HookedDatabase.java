package flashsale.lua;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Set;
import javax.sql.DataSource;

/** A data source that tells, on the caller's thread, before and after each call that reaches the database. */
final class HookedDatabase {

    private static final Set<String> CALLS =
            Set.of("getConnection", "prepareStatement", "executeUpdate", "executeQuery", "commit", "rollback");

    /** What happens around a call; it may throw, and then the call is not made, or its result does not arrive. */
    interface Hook {

        void before(String call) throws Exception;

        default void after(String call) throws Exception {}
    }

    /** The process has died: no {@code catch} of the code under test may go on from here. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    private HookedDatabase() {}

    static DataSource around(DataSource source, Hook hook) {
        return wrap(DataSource.class, source, hook);
    }

    /** Dies at one moment: before its first call to the database is 0, after that call 1, before the second 2. */
    static Hook dyingAt(int moment) {
        int[] moments = {0};
        return new Hook() {
            @Override
            public void before(String call) {
                if (moments[0]++ == moment) {
                    throw new Died();
                }
            }

            @Override
            public void after(String call) {
                before(call);
            }
        };
    }

    private static <T> T wrap(Class<T> type, T real, Hook hook) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            boolean reachesTheDatabase = CALLS.contains(method.getName());
            if (reachesTheDatabase) {
                hook.before(method.getName());
            }
            Object result;
            try {
                result = method.invoke(real, args);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
            if (reachesTheDatabase) {
                hook.after(method.getName());
            }
            if (result instanceof PreparedStatement statement) {
                return wrap(PreparedStatement.class, statement, hook);
            }
            return result instanceof Connection connection ? wrap(Connection.class, connection, hook) : result;
        }));
    }
}
