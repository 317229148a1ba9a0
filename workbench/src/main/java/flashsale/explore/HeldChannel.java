package flashsale.explore;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What Netty takes for a connection: commands that are written to it stop at the explorer's gate, on the thread of the
 * buyer who sends them, and their replies come in before the write is over.
 */
final class HeldChannel extends AbstractChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final RedissonProcess process;
    private final ChannelConfig config = new DefaultChannelConfig(this) {
        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            super.setOption(option, value);
            return true; // what a socket would be told
        }
    };

    private boolean open = true;
    private boolean active;

    HeldChannel(RedissonProcess process) {
        super(null);
        this.process = process;
    }

    /** Replies have arrived from the server. */
    private void receive(List<byte[]> replies) {
        receive(replies, now -> {});
    }

    /**
     * Something has arrived from the server.
     *
     * @param reading is told true before it is read, and false afterwards
     */
    void receive(List<byte[]> replies, Consumer<Boolean> reading) {
        if (replies.isEmpty()) {
            return;
        }
        eventLoop().execute(() -> {
            reading.accept(true);
            try {
                for (byte[] reply : replies) {
                    pipeline().fireChannelRead(Unpooled.wrappedBuffer(reply));
                }
                pipeline().fireChannelReadComplete();
            } finally {
                reading.accept(false);
            }
        });
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        for (Object message = out.current(); message != null; message = out.current()) {
            try {
                for (List<byte[]> words : commands((ByteBuf) message)) {
                    receive(process.exchange(this, words));
                }
                receive(process.whatIsDue(this));
                out.remove();
            } catch (Stopped | RuntimeException notSent) {
                out.remove(notSent);
            }
        }
    }

    /** Takes apart what the library would send: each command is an array of bulk strings. */
    private static List<List<byte[]>> commands(ByteBuf written) {
        List<List<byte[]>> commands = new ArrayList<>();
        ByteBuf in = written.duplicate();
        while (in.isReadable()) {
            int count = number(in, '*');
            List<byte[]> words = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int length = number(in, '$');
                words.add(ByteBufUtil.getBytes(in, in.readerIndex(), length));
                in.skipBytes(length + 2);
            }
            commands.add(words);
        }
        return commands;
    }

    private static int number(ByteBuf in, char type) {
        if (in.readByte() != type) {
            throw new ExplorerException("Redisson wrote something that is no command");
        }
        int number = 0;
        for (byte digit = in.readByte(); digit != '\r'; digit = in.readByte()) {
            number = number * 10 + digit - '0';
        }
        in.readByte();
        return number;
    }

    // ---- what Netty asks of a channel ----

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                try {
                    process.connected(HeldChannel.this);
                    active = true;
                    promise.trySuccess();
                    pipeline().fireChannelActive();
                } catch (RuntimeException cannot) {
                    promise.tryFailure(cannot);
                }
            }
        };
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof CallerLoop;
    }

    @Override
    protected SocketAddress localAddress0() {
        return new InetSocketAddress(0);
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return process.address();
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a client does not listen");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        open = false;
        active = false;
        process.closed(this);
    }

    @Override
    protected void doBeginRead() {
        // Replies come in by themselves.
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
