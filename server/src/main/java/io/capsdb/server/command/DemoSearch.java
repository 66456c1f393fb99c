package io.capsdb.server.command;

import java.util.List;

/// A search that the demo shows.
///
/// @param title what is asked, in words
/// @param filter as JSON
/// @param queryName the query is an image of this name
record DemoSearch(String title, String filter, String queryName) {
  static final List<DemoSearch> ALL =
      List.of(
          new DemoSearch(
              "Equality: ankle boots that look like this sneaker",
              """
              {"must":[{"key":"name","match":{"value":"Ankle boot"}}]}""",
              "Sneaker"),
          new DemoSearch(
              "Range AND NOT: neither very dark nor very bright, and no coat, like this coat",
              """
              {"must":[{"key":"brightness","range":{"gte":0.1,"lt":0.6}}],\
              "must_not":[{"key":"name","match":{"value":"Coat"}}]}""",
              "Coat"),
          new DemoSearch(
              "Very restrictive: small open sandals of one week, like this sneaker",
              """
              {"must":[{"key":"name","match":{"any":["Sandal","Bag"]}},\
              {"key":"tags","match":{"value":"small"}},\
              {"key":"tags","match":{"value":"open"}},\
              {"key":"time","range":{"gte":"2017-09-01T00:00:00Z","lt":"2017-09-08T00:00:00Z"}}]}""",
              "Sneaker"));
}
