package flashsale.lua;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * The tables of {@code orders.sql}, empty, in a schema of their own: in an H2 within this JVM, or in the PostgreSQL that
 * {@code -Djdbc.url=jdbc:postgresql://host:port/database?user=…&password=…} names. The schema goes when this is closed;
 * nothing else in the database is touched.
 */
final class OrdersDatabase implements AutoCloseable {

    private static final String H2 = "jdbc:h2:mem:orders;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";
    private static final int SECONDS = 10;

    private final String schema = "flashsale_" + UUID.randomUUID().toString().replace("-", "");
    private final JdbcConnectionPool source;

    /** One row of the table of orders. */
    record Row(String requestId, String buyer, long quantity, String status) {}

    OrdersDatabase() {
        executeOutside("CREATE SCHEMA " + schema);
        source = JdbcConnectionPool.create(server(schema));
        execute(resource("orders.sql"));
    }

    /** @param current the schema in which names are looked up; the database's own if it is empty */
    private static ConnectionPoolDataSource server(String current) {
        String url = System.getProperty("jdbc.url", "");
        if (url.isBlank()) {
            JdbcDataSource h2 = new JdbcDataSource();
            h2.setURL(H2 + ";LOCK_TIMEOUT=" + SECONDS * 1000 + (current.isEmpty() ? "" : ";SCHEMA=" + current));
            return h2;
        }
        PGConnectionPoolDataSource postgres = new PGConnectionPoolDataSource();
        postgres.setUrl(url);
        postgres.setConnectTimeout(SECONDS);
        postgres.setSocketTimeout(SECONDS);
        if (!current.isEmpty()) {
            postgres.setCurrentSchema(current);
        }
        return postgres;
    }

    private static String resource(String name) {
        try (InputStream file = OrderWriter.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    DataSource source() {
        return source;
    }

    /** Runs statements that return nothing. */
    void execute(String sql) {
        execute(source, sql);
    }

    private static void executeOutside(String sql) {
        JdbcConnectionPool once = JdbcConnectionPool.create(server(""));
        try {
            execute(once, sql);
        } finally {
            once.dispose();
        }
    }

    private static void execute(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    void closeAccount(String buyer) {
        try (Connection connection = source.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO closed_account (buyer) VALUES (?)")) {
            insert.setString(1, buyer);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    void clear() {
        execute("DELETE FROM purchase_order");
        execute("DELETE FROM closed_account");
    }

    /** Every order, by its request. */
    List<Row> rows() {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT request_id, buyer, quantity, status FROM purchase_order ORDER BY request_id")) {
            List<Row> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(new Row(found.getString(1), found.getString(2), found.getLong(3), found.getString(4)));
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        source.dispose();
        executeOutside("DROP SCHEMA " + schema + " CASCADE");
    }
}
