package flashsale.redisson;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;

/**
 * One buyer's client, for tests outside the explorer. Something else can happen just before the buyer writes: on the
 * buyer's own thread, so that no test has to wait for another.
 */
final class HookedRedisson {

    private final Map<String, Runnable> before = new HashMap<>();
    private final RedissonClient client;

    HookedRedisson(RedissonClient real) {
        client = around(RedissonClient.class, real, (method, arguments, result) -> {
            if (method.equals("createBatch")) {
                happen("a batch");
            }
            Object answer = result.get();
            return answer instanceof RScript script ? around(RScript.class, script, this::script) : answer;
        });
    }

    private Object script(String method, Object[] arguments, Answer answer) throws Throwable {
        if (method.equals("eval") && arguments[1] instanceof String text) {
            happen(text.lines().findFirst().orElseThrow());
        }
        return answer.get();
    }

    /** The client, as a step gets it. */
    RedissonClient client() {
        return client;
    }

    /**
     * Once, just before this is sent for the first time, something else happens.
     *
     * @param what {@code a batch}, or the first line of a script
     */
    void before(String what, Runnable happens) {
        before.put(what, happens);
    }

    private void happen(String what) {
        Runnable happens = before.remove(what);
        if (happens != null) {
            happens.run();
        }
    }

    private interface Answer {
        Object get() throws Throwable;
    }

    private interface Hook {
        Object call(String method, Object[] arguments, Answer answer) throws Throwable;
    }

    private static <T> T around(Class<T> type, T real, Hook hook) {
        InvocationHandler handler = (proxy, method, arguments) -> hook.call(method.getName(), arguments, () -> {
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        });
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
