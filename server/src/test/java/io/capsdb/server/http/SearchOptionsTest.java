package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import io.capsdb.formats.Json;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchOptionsTest {
  private static SearchOptions body(String params) throws IOException {
    try (JsonParser in = Json.factory().createParser(params.replace('\'', '"'))) {
      in.nextToken();
      return SearchOptions.read(in);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                        | true
          {'exact':false}                           | false
          {'caps':{'index':'auto'}}                 | false
          {'exact':true,'caps':{'index':'auto'}}    | true
          {'exact':false,'caps':{'index':'exact'}}  | true
          """)
  void theBodyCountsMoreThanWhatStandsBesideIt(String params, boolean isExact) throws IOException {
    SearchOptions beside = SearchOptions.of("index", "exact");
    assertThat(body(params).orElse(beside).isExact()).isEqualTo(isExact);
  }
}
