package io.capsdb.embeddings.averaging;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Workers that are processes of one machine: worker 0 adds up what the others send it over
/// loopback connections. For a handful of workers; what travels are two vectors of all weights in
/// each step.
///
/// On the wire, big-endian: the worker's number once, int32; then for each sum the length, int32,
/// and the values, float32, in both directions.
public final class SocketCollective implements Collective {
  private static final int TIMEOUT_MILLIS = 60_000;
  private static final int BUFFER = 1 << 16;

  private final int rank;
  private final int size;
  private final List<Peer> peers;

  private record Peer(Socket socket, DataInputStream in, DataOutputStream out) {
    static Peer of(Socket socket) throws IOException {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      return new Peer(
          socket,
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER)),
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER)));
    }

    void send(float[] values) throws IOException {
      out.writeInt(values.length);
      for (float value : values) {
        out.writeFloat(value);
      }
      out.flush();
    }

    void receive(float[] values, boolean isAdded) throws IOException {
      int length = in.readInt();
      if (length != values.length) {
        throw new IOException("a worker sent " + length + " values, not " + values.length);
      }
      for (int i = 0; i < length; i++) {
        values[i] = isAdded ? values[i] + in.readFloat() : in.readFloat();
      }
    }
  }

  private SocketCollective(int rank, int size, List<Peer> peers) {
    this.rank = rank;
    this.size = size;
    this.peers = peers;
  }

  /// Worker 0: waits until all others have come, at most a minute for each.
  ///
  /// @param listening on a loopback address; closed when all have come
  public static SocketCollective first(ServerSocket listening, int size) throws IOException {
    @Nullable Peer[] byRank = new @Nullable Peer[size];
    try (listening) {
      listening.setSoTimeout(TIMEOUT_MILLIS);
      for (int i = 1; i < size; i++) {
        Peer peer = Peer.of(listening.accept());
        int rank = peer.in().readInt();
        if (rank < 1 || rank >= size || byRank[rank] != null) {
          throw new IOException("a worker calls itself number " + rank + " of " + size);
        }
        byRank[rank] = peer;
      }
    }
    // In the order of their numbers, so that sums do not depend on who came first.
    List<Peer> peers = new ArrayList<>();
    for (int rank = 1; rank < size; rank++) {
      peers.add(Objects.requireNonNull(byRank[rank]));
    }
    return new SocketCollective(0, size, peers);
  }

  /// Any other worker.
  ///
  /// @param rank 1 to `size - 1`
  /// @param port of worker 0
  public static SocketCollective join(int rank, int size, int port) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    Peer first = Peer.of(socket);
    first.out().writeInt(rank);
    first.out().flush();
    return new SocketCollective(rank, size, new ArrayList<>(List.of(first)));
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void sum(float[] values) {
    try {
      if (rank == 0) {
        for (Peer peer : peers) {
          peer.receive(values, true);
        }
        for (Peer peer : peers) {
          peer.send(values);
        }
      } else {
        peers.getFirst().send(values);
        peers.getFirst().receive(values, false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a worker is gone: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    for (Peer peer : peers) {
      try {
        peer.socket().close();
      } catch (IOException _) {
        // It is gone in any case.
      }
    }
  }
}
