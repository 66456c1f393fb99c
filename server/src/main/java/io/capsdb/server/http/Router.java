package io.capsdb.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds the route of a request.
///
/// A path is cut at its slashes first and decoded step by step afterwards, so that `..%2f` is one
/// odd name and never a way up. Empty steps are left out: slashes at the end and doubled ones do no
/// harm. A step that is written out wins over a parameter.
final class Router {
  private final List<Route> routes;
  private final Step root = new Step();

  /// What a request is for.
  ///
  /// @param parameters the decoded steps of the path that stand for names
  record Match(Route route, Map<String, String> parameters) {}

  private static final class Step {
    final Map<String, Step> named = new HashMap<>();
    final Map<String, Route> routes = new HashMap<>();
    @Nullable Step parameter;
    String parameterName = "";
  }

  Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
    for (Route route : routes) {
      add(route);
    }
  }

  private void add(Route route) {
    Step at = root;
    for (String step : route.steps()) {
      if (!step.startsWith("{")) {
        at = at.named.computeIfAbsent(step, _ -> new Step());
        continue;
      }
      Step next = at.parameter;
      if (next == null) {
        next = new Step();
        at.parameter = next;
        at.parameterName = step.substring(1, step.length() - 1);
      }
      at = next;
    }
    if (at.routes.put(route.method(), route) != null) {
      throw new IllegalArgumentException("two routes for " + route.method() + " " + route.path());
    }
  }

  /// All routes, in their order.
  List<Route> routes() {
    return routes;
  }

  /// The route of a method and a path as it was sent.
  ///
  /// @throws Problem 404 when the path is of no route, 405 when the method is not
  Match match(String method, String rawPath) {
    Map<String, String> parameters = new HashMap<>();
    Step at = find(rawPath, parameters);
    Route route = at.routes.get(method.equals("HEAD") ? "GET" : method);
    if (route == null) {
      throw new Problem(
          405, "Method not allowed: this path takes " + String.join(", ", methods(at)) + " only");
    }
    return new Match(route, parameters);
  }

  /// The methods that a path takes, for `Allow`; none when the path is of no route.
  Set<String> allowed(String rawPath) {
    try {
      return methods(find(rawPath, new HashMap<>()));
    } catch (Problem e) {
      return Set.of();
    }
  }

  private static Set<String> methods(Step at) {
    Set<String> methods = new TreeSet<>(at.routes.keySet());
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return methods;
  }

  private Step find(String rawPath, Map<String, String> parameters) {
    Step at = root;
    for (String raw : steps(rawPath)) {
      String step = decode(raw, "path parameters");
      Step next = at.named.get(step);
      if (next == null) {
        next = at.parameter;
        if (next == null) {
          throw new Problem(404, "Not found: there is no such path in this API");
        }
        parameters.put(at.parameterName, step);
      }
      at = next;
    }
    if (at.routes.isEmpty()) {
      throw new Problem(404, "Not found: there is no such path in this API");
    }
    return at;
  }

  static List<String> steps(String path) {
    List<String> steps = new ArrayList<>();
    for (String step : path.split("/", -1)) {
      if (!step.isEmpty()) {
        steps.add(step);
      }
    }
    return steps;
  }

  /// Undoes the percent encoding of one step or one query value. Bytes that are not ASCII should be
  /// encoded; where they are not, they arrive as a character each.
  ///
  /// @param where for messages
  /// @throws Problem 400 if the encoding is broken, or does not give UTF-8
  static String decode(String raw, String where) {
    if (raw.chars().allMatch(each -> each != '%' && each < 0x80)) {
      return raw;
    }
    if (raw.chars().anyMatch(each -> each > 0xFF)) {
      throw Problem.format(where, "characters that are not ASCII must be percent-encoded");
    }
    byte[] source = raw.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer bytes = ByteBuffer.allocate(source.length);
    for (int i = 0; i < source.length; i++) {
      if (source[i] != '%') {
        bytes.put(source[i]);
        continue;
      }
      int high = i + 2 <= source.length - 1 ? Character.digit(source[i + 1], 16) : -1;
      int low = i + 2 <= source.length - 1 ? Character.digit(source[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw Problem.format(where, "a '%' must be followed by two hexadecimal digits");
      }
      bytes.put((byte) (16 * high + low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw Problem.format(where, "it is not UTF-8");
    }
  }
}
