package io.capsdb.server.http;

import java.util.List;
import java.util.stream.Stream;

/// Wrong requests against a collection `films` of 4 dimensions, with what must come back.
final class BadInputCases {
  static final String FILMS = "/collections/films";
  static final String POINTS = FILMS + "/points";
  static final String GOOD = "{'id':1,'vector':[1,2,3,4]}";
  private static final String IS_NULL = "{'is_null':{'key':'a'}},";
  private static final String MANY_IDS = "[" + "1,".repeat(10_000) + "1]";

  private BadInputCases() {}

  /// One wrong request.
  ///
  /// @param fragments that the text must have
  record Case(String method, String path, String body, int status, List<String> fragments) {
    @Override
    public String toString() {
      String shown = body.length() > 60 ? body.substring(0, 60) + "…" : body;
      return method + " " + path + " " + shown + " → " + status;
    }
  }

  static Case of(String method, String path, String body, int status, String... fragments) {
    return new Case(method, path, body, status, List.of(fragments));
  }

  static Case upsert(String body, int status, String... fragments) {
    return of("PUT", POINTS, body, status, fragments);
  }

  static Case query(String body, int status, String... fragments) {
    return of("POST", POINTS + "/query", body, status, fragments);
  }

  static Case count(String filter, int status, String... fragments) {
    return of("POST", POINTS + "/count", "{'filter':" + filter + "}", status, fragments);
  }

  static Case create(String body, int status, String... fragments) {
    return of("PUT", "/collections/new", body, status, fragments);
  }

  static final String FORMAT = "Format error in JSON body: ";
  static final String VALIDATION = "Validation error in JSON body: [";

  static Stream<Case> points() {
    String batchOf = "{'points':[" + GOOD + ",%s]}";
    return Stream.of(
        upsert("", 400, FORMAT, "empty"),
        upsert("{", 400, FORMAT),
        upsert("[]", 400, FORMAT, "expected an object, found an array"),
        upsert("null", 400, FORMAT, "expected an object, found null"),
        upsert("{}", 400, "points is missing"),
        upsert("{'points':[" + GOOD + "]} x", 400, FORMAT),
        upsert("{'points':[" + GOOD + "]}{}", 400, FORMAT, "follows after the end"),
        upsert("{'points':[" + GOOD + "],'points':[]}", 400, "Duplicate", "points"),
        upsert(batchOf.formatted("{'id':2,'id':3,'vector':[1,2,3,4]}"), 400, "Duplicate", "id"),
        upsert("{'points':[" + GOOD + "],'batch':{'ids':[],'vectors':[]}}", 400, "not both"),
        upsert("{'points':{}}", 400, "points: expected an array of points, found an object"),
        upsert(
            "{'points':[]}", 422, VALIDATION, "points: value 0 invalid, must be from 1 to 10000"),
        upsert("{'points':[" + GOOD + "],'pionts':1}", 400, "unknown key 'pionts'"),
        upsert(
            batchOf.formatted("{'id':2,'vector':[1,2,3,4],'payloda':{}}"),
            400,
            "points[1].payloda: unknown key 'payloda'"),
        upsert(batchOf.formatted("7"), 400, "points[1]: expected an object, found a whole number"),
        upsert(batchOf.formatted("{'vector':[1,2,3,4]}"), 400, "points[1]: id is missing"),
        upsert(batchOf.formatted("{'id':2}"), 400, "points[1]: vector is missing"),
        upsert(batchOf.formatted("{'id':2,'vector':null}"), 400, "points[1].vector", "found null"),
        upsert(
            batchOf.formatted("{'id':-1,'vector':[1,2,3,4]}"),
            422,
            VALIDATION + "points[1].id: value -1 invalid, must be from 0 to 18446744073709551615]"),
        upsert(
            batchOf.formatted("{'id':18446744073709551616,'vector':[1,2,3,4]}"),
            422,
            "points[1].id: value 18446744073709551616 invalid"),
        upsert(
            batchOf.formatted("{'id':1.0,'vector':[1,2,3,4]}"),
            400,
            "points[1].id",
            "found a number with a fraction"),
        upsert(
            batchOf.formatted("{'id':'7','vector':[1,2,3,4]}"),
            400,
            "points[1].id",
            "'7' is not a UUID".replace('\'', '"')),
        upsert(
            batchOf.formatted("{'id':'5c56c793-69f3-4fbf-87e6-c4bf54c28c2x','vector':[1]}"),
            400,
            "points[1].id",
            "is not a UUID"),
        upsert(
            batchOf.formatted("{'id':true,'vector':[1,2,3,4]}"),
            400,
            "points[1].id",
            "found true or false"),
        upsert(
            batchOf.formatted("{'id':2,'vector':[1,2,3]}"),
            400,
            "points[1] (id 2)",
            "dimension 3",
            "expects dimension 4"),
        upsert(
            batchOf.formatted("{'id':2,'vector':[1,2,3,4,5]}"),
            400,
            "dimension 5",
            "expects dimension 4"),
        upsert(batchOf.formatted("{'id':2,'vector':[]}"), 400, "dimension 0"),
        upsert(
            "{'points':[{'id':1,'vector':[1,2,3,1e39]}]}",
            422,
            VALIDATION + "points[0].vector[3]: value 1e39 invalid, must be from -3.4028235E38 to"),
        upsert(
            "{'points':[{'id':1,'vector':[1,2,-1e400,4]}]}", 422, "points[0].vector[2]", "-1e400"),
        upsert("{'points':[{'id':1,'vector':[1,2,NaN,4]}]}", 400, FORMAT, "NaN"),
        upsert("{'points':[{'id':1,'vector':[1,2,Infinity,4]}]}", 400, FORMAT, "Infinity"),
        upsert("{'points':[{'id':1,'vector':[1,2,-Infinity,4]}]}", 400, FORMAT),
        upsert(
            "{'points':[{'id':1,'vector':[1,2,'3',4]}]}",
            400,
            "points[0].vector[2]: expected a number, found a string"),
        upsert(
            "{'points':[{'id':1,'vector':[1,2,null,4]}]}",
            400,
            "points[0].vector[2]",
            "found null"),
        upsert(
            "{'points':[{'id':1,'vector':[[1,2],[3,4]]}]}",
            400,
            "multivector",
            "not served by this version"),
        upsert(
            "{'points':[{'id':1,'vector':{'s':{'indices':[1],'values':[1]}}}]}",
            400,
            "points[0].vector.s",
            "not served by this version"),
        upsert(
            batchOf.formatted("{'id':2,'vector':[0,0,0,0]}"),
            400,
            "points[1] (id 2)",
            "vector is zero",
            "cosine"),
        upsert(batchOf.formatted("{'id':2,'vector':[0,-0.0,1e-60,0]}"), 400, "vector is zero"),
        upsert(
            batchOf.formatted("{'id':2,'vector':{'image':[1,2,3,4]}}"),
            400,
            "no vector named 'image'"),
        upsert(
            batchOf.formatted("{'id':2,'vector':[1,2,3,4],'payload':[]}"),
            400,
            "points[1].payload: expected an object, found an array"),
        upsert(
            batchOf.formatted("{'id':2,'vector':[1,2,3,4],'payload':{'a':1e999}}"),
            400,
            "points[1].payload.a",
            "1e999"),
        upsert(
            batchOf.formatted("{'id':2,'vector':[1,2,3,4],'payload':{'a':1,'a':2}}"),
            400,
            "Duplicate"),
        upsert(
            batchOf.formatted(
                "{'id':2,'vector':[1,2,3,4],'payload':"
                    + "{'a':".repeat(40)
                    + "1"
                    + "}".repeat(40)
                    + "}"),
            400,
            "points[1].payload.a.a",
            "nested deeper than 32"),
        upsert(
            batchOf.formatted(
                "{'id':2,'vector':[1,2,3,4],'payload':{'a':"
                    + "[".repeat(2_000)
                    + "]".repeat(2_000)
                    + "}}"),
            400,
            "nested deeper"),
        upsert(
            "{'points':[" + GOOD + "],'update_mode':'insert'}",
            400,
            "update_mode",
            "unknown mode 'insert'"),
        upsert(
            "{'points':[" + GOOD + "],'update_filter':{'x':1}}",
            400,
            "update_filter",
            "unknown key 'x'"),
        upsert("{'points':[" + GOOD + "],'shard_key':'a'}", 400, "shard_key", "not served"),
        upsert(
            "{'points':[" + (GOOD + ",").repeat(10_000) + GOOD + "]}",
            422,
            "points[10000]: at most 10000 points"),
        upsert(
            "{'points':[{'id':1,'vector':[" + "1,".repeat(70_000) + "1]}]}",
            422,
            "points[0].vector",
            "at most dimension 65536"),
        upsert(
            "{'batch':{'ids':[1,2],'vectors':[[1,2,3,4]]}}",
            422,
            "batch.vectors",
            "value 1 invalid",
            "ids, which are 2"),
        upsert(
            "{'batch':{'ids':[1],'vectors':[[1,2,3,4]],'payloads':[{},{}]}}",
            422,
            "batch.payloads",
            "value 2 invalid"),
        upsert("{'batch':{'ids':[1]}}", 400, "batch: vectors is missing"),
        upsert(
            "{'batch':{'ids':[1],'vectors':[[1,2,3,4]],'payload':[]}}",
            400,
            "unknown key 'payload'"),
        of(
            "PUT",
            POINTS + "?wait=maybe",
            "{'points':[" + GOOD + "]}",
            400,
            "Format error in query parameters: wait",
            "'maybe'"),
        of(
            "PUT",
            POINTS + "?ordering=loose",
            "{'points':[" + GOOD + "]}",
            400,
            "ordering",
            "'loose'"),
        of(
            "PUT",
            POINTS + "?timeout=0",
            "{'points':[" + GOOD + "]}",
            422,
            "Validation error in query parameters: [timeout: value 0 invalid, must be from 1 to"),
        of("PUT", POINTS + "?timeout=1.5", "{'points':[" + GOOD + "]}", 400, "timeout", "'1.5'"),
        of(
            "PUT",
            POINTS + "?wait=true&wait=false",
            "{'points':[" + GOOD + "]}",
            400,
            "duplicate option 'wait'"),
        of(
            "PUT",
            "/collections/nowhere/points",
            "{'points':[" + GOOD + "]}",
            404,
            "Not found",
            "'nowhere'"),
        of("POST", POINTS, "{'ids':[1.5]}", 400, "ids[0]"),
        of("POST", POINTS, "{}", 400, "ids is missing"),
        of("POST", POINTS, "{'ids':[1],'with_vector':['x']}", 400, "no vector named 'x'"),
        of("POST", POINTS, "{'ids':[1],'with_payload':'all'}", 400, "with_payload"),
        of("POST", POINTS, "{'ids':[1],'with_payload':{'only':['a']}}", 400, "unknown key 'only'"),
        of(
            "POST",
            POINTS,
            "{'ids':[1],'with_payload':['a[']}",
            400,
            "with_payload[0]",
            "malformed"),
        of("POST", POINTS + "?consistency=0", "{'ids':[1]}", 422, "consistency: value 0"),
        of("POST", POINTS + "?consistency=most", "{'ids':[1]}", 400, "consistency", "'most'"),
        of("GET", POINTS + "/abc", "", 400, "Format error in path parameters: id", "abc"),
        of("GET", POINTS + "/18446744073709551616", "", 400, "18446744073709551615"),
        of("GET", POINTS + "/77", "", 404, "Not found", "77"),
        of("POST", POINTS + "/delete", "{}", 400, "points or filter is missing"),
        of("POST", POINTS + "/delete", "{'points':[100],'filter':{}}", 400, "not both"),
        of("POST", POINTS + "/delete", "{'points':[100,'x']}", 400, "points[1]"),
        of("POST", POINTS + "/delete", "{'points':" + MANY_IDS + "}", 422, "at most 10000 ids"),
        of("POST", POINTS, "{'ids':" + MANY_IDS + "}", 422, "ids[10000]", "at most 10000 ids"),
        of("POST", POINTS + "/delete", "{'filter':{'must':[{'key':'a'}]}}", 400, "no test"),
        of(
            "POST",
            POINTS + "/scroll",
            "{'limit':0}",
            422,
            "limit: value 0 invalid, must be from 1 to 10000"),
        of("POST", POINTS + "/scroll", "{'limit':99999999999}", 422, "limit: value 99999999999"),
        of("POST", POINTS + "/scroll", "{'limit':1.9}", 400, "limit: expected a whole number"),
        of("POST", POINTS + "/scroll", "{'offset':'x'}", 400, "offset"),
        of("POST", POINTS + "/scroll", "{'order_by':7}", 400, "order_by"),
        of("POST", POINTS + "/scroll", "{'order_by':{'direction':'asc'}}", 400, "key is missing"),
        of("POST", POINTS + "/scroll", "{'order_by':{'key':'a','direction':'up'}}", 400, "'up'"),
        of("POST", POINTS + "/payload", "{'payload':7,'points':[]}", 400, "payload"),
        of("POST", POINTS + "/payload/delete", "{'keys':['a['],'points':[]}", 400, "keys[0]"),
        of("POST", POINTS + "/batch", "{'operations':[{}]}", 400, "an operation has one of"),
        of(
            "POST",
            POINTS + "/batch",
            "{'operations':[{'delete':{'points':[]},'upsert':{'points':[]}}]}",
            400,
            "one change"),
        of("POST", FILMS + "/facet", "{}", 400, "key is missing"));
  }

  static Stream<Case> searches() {
    String v = "'query':[1,2,3,4]";
    return Stream.of(
        query("{'query':{'nearest':null}}", 400, "query", "found null"),
        query("{'query':[1,2,3]}", 400, "dimension 3", "expected dimension 4"),
        query("{'query':[]}", 400, "dimension 0"),
        query("{'query':[0,0,0,0]}", 400, "zero", "cosine"),
        query("{'query':[1,2,3,1e39]}", 422, "query[3]: value 1e39 invalid"),
        query("{'query':[1,2,3,NaN]}", 400, FORMAT),
        query("{'query':77}", 404, "no point with id 77"),
        query("{'query':-7}", 422, "query: value -7"),
        query("{'query':'x'}", 400, "query", "not a UUID"),
        query("{'query':true}", 400, "query"),
        query("{'query':{}}", 400, "nearest is missing"),
        query(
            "{'query':{'nearest':{'indices':[1],'values':[1]}}}", 400, "no sparse vector named ''"),
        query("{'query':{'recommend':{'positive':[]}}}", 422, "positive", "at least one"),
        query("{'query':{'recommend':{'strategy':'x'}}}", 400, "strategy", "'x'"),
        query("{'query':{'fusion':'rrf'}}", 400, "prefetch is missing"),
        query("{'query':{'formula':{}}}", 400, "query.formula: an operation or a condition"),
        query("{'query':{'formula':'$score'}}", 400, "prefetch is missing"),
        query("{'query':{'formula':'$rank'}}", 400, "query.formula: unknown variable '$rank'"),
        query("{'query':{'formula':true}}", 400, "query.formula: expected a number, a name"),
        query("{'query':{'formula':{'sum':[1,{'neg':'a['}]}}}", 400, "query.formula.sum[1].neg"),
        query("{'query':{'formula':{'sum':1}}}", 400, "query.formula.sum: expected an array"),
        query("{'query':{'formula':{'key':'a','is':1}}}", 400, "neither an operation nor a"),
        query("{'query':{'formula':{'exp_decay':{'x':1,'scale':0}}}}", 422, "scale: value 0"),
        query("{'query':{'formula':{'gauss_decay':{'x':1,'midpoint':1}}}}", 422, "midpoint"),
        query("{'query':{'formula':{'pow':{'base':1}}}}", 400, "query.formula.pow.exponent"),
        query("{'query':{'defaults':{'a':1}}}", 400, "formula is missing"),
        query("{'query':{'defaults':{'$score':'x'},'formula':1}}", 400, "defaults.$score"),
        query("{'query':{'formula':1,'nearest':1}}", 400, "asks one thing"),
        query("{'query':{'mmr':{}}}", 400, "nearest is missing"),
        query("{'query':{'nearest':1,'mmr':{'diversity':2}}}", 422, "value 2.0 invalid"),
        query("{'query':{'nearest':1,'mmr':{'candidates_limit':0}}}", 422, "candidates_limit"),
        query("{'query':{'sample':'all'}}", 400, "unknown sample 'all'"),
        query("{'prefetch':[{" + v + "}]}", 400, "query is missing"),
        query("{" + v + ",'prefetch':[{'offset':1}]}", 400, "prefetch[0].offset"),
        query("{'query':{'closest':1}}", 400, "unknown key 'closest'"),
        query("{" + v + ",'using':'image'}", 400, "no vector named 'image'"),
        query("{" + v + ",'using':7}", 400, "using: expected a string"),
        query("{" + v + ",'limit':0}", 422, VALIDATION + "limit: value 0 invalid, must be from 1"),
        query("{" + v + ",'limit':10001}", 422, "limit: value 10001", "to 10000"),
        query("{" + v + ",'limit':99999999999999999999}", 422, "limit: value 99999999999999999999"),
        query("{" + v + ",'limit':'ten'}", 400, "limit: expected a whole number, found a string"),
        query("{" + v + ",'limit':1.0}", 400, "limit"),
        query("{" + v + ",'offset':-1}", 422, "offset: value -1 invalid"),
        query(
            "{" + v + ",'offset':9991}", 422, "offset: value 9991 invalid, must be from 0 to 9990"),
        query("{" + v + ",'score_threshold':'x'}", 400, "score_threshold"),
        query("{" + v + ",'score_threshold':1e999}", 400, "score_threshold", "1e999"),
        query("{" + v + ",'with_payload':7}", 400, "with_payload"),
        query("{" + v + ",'with_vector':'image'}", 400, "with_vector"),
        query("{" + v + ",'params':{'ef':7}}", 400, "params.ef: unknown key 'ef'"),
        query("{" + v + ",'params':{'hnsw_ef':0}}", 422, "params.hnsw_ef: value 0 invalid"),
        query("{" + v + ",'params':{'exact':1}}", 400, "params.exact: expected true or false"),
        query("{" + v + ",'params':{'ef':null}}", 400, "unknown key 'ef'"),
        query("{" + v + ",'params':{'quantization':{'x':1}}}", 400, "params.quantization", "'x'"),
        query(
            "{" + v + ",'params':{'quantization':{'oversampling':0.5}}}",
            422,
            "params.quantization.oversampling: value 0.5"),
        query("{" + v + ",'params':{'caps':{'recall':1}}}", 422, VALIDATION, "params.caps.recall"),
        query(
            "{" + v + ",'params':{'caps':{'index':'tree'}}}",
            422,
            "params.caps.index",
            "'tree'",
            "auto, caps, graph or exact"),
        query("{" + v + ",'params':{'caps':{'candidates':0}}}", 422, "params.caps.candidates"),
        query("{" + v + ",'params':{'caps':{'rerank':0}}}", 422, "params.caps.rerank"),
        query("{" + v + ",'params':{'caps':{'explain':'yes'}}}", 400, "params.caps.explain"),
        query("{" + v + ",'params':{'caps':{'recall_target':0}}}", 422, "recall_target"),
        query("{" + v + ",'params':{'caps':{'recall_target':1.01}}}", 422, "recall_target"),
        query("{" + v + ",'params':{'caps':{'recall_target':'all'}}}", 400, "recall_target"),
        query("{" + v + ",'vector':[1,2,3,4]}", 400, "unknown key 'vector'"),
        of("POST", "/collections/nowhere/points/query", "{" + v + "}", 404, "'nowhere'"),
        of("POST", POINTS + "/search", "{'vector':[1,2,3,4]}", 400, "limit is missing"),
        of("POST", POINTS + "/search", "{'limit':1}", 400, "vector is missing"),
        of("POST", POINTS + "/search", "{'vector':[1,2,3,4],'limit':1,'top':1}", 400, "not both"),
        of("POST", POINTS + "/search", "{'vector':[1,2],'limit':1}", 400, "dimension 2"),
        of(
            "POST",
            POINTS + "/search",
            "{'vector':{'name':'image','vector':[1,2,3,4]},'limit':1}",
            400,
            "no vector named 'image'"),
        count("[]", 400, "filter: expected a filter object"),
        count("{'must':7}", 400, "filter.must"),
        count("{'maybe':[]}", 400, "filter.maybe: unknown key 'maybe'"),
        count("{'must':[{'key':'a','mach':{'value':1}}]}", 400, "filter.must[0].mach"),
        count("{'must':[{'key':'a','match':{'value':1.5}}]}", 400, "filter.must[0].match.value"),
        count("{'must':[{'key':'a','match':{'any':[1,'b']}}]}", 400, "filter.must[0].match.any"),
        count(
            "{'must':[{'key':'a','range':{'lt':'soon'}}]}",
            400,
            "filter.must[0].range.lt",
            "'soon'"),
        count("{'must':[{'key':'a','range':{'lt':1e999}}]}", 400, "filter.must[0].range.lt"),
        count("{'must':[{'key':'a..b','match':{'value':1}}]}", 400, "filter.must[0].key"),
        count("{'must':[{'match':{'value':1}}]}", 400, "key is missing"),
        count("{'must':[{'has_id':1}]}", 400, "has_id", "expected an array of ids"),
        count("{'min_should':{'conditions':[],'min_count':-1}}", 422, "min_count: value -1"),
        count("{'must':[".repeat(20) + "]}".repeat(20), 422, "nested deeper than 16"),
        count(
            "{'must':["
                + IS_NULL.repeat(199)
                + "{'is_null':{'key':'a'}}],"
                + "'should':["
                + IS_NULL.repeat(199)
                + "{'is_null':{'key':'a'}}]}",
            422,
            "JSON body",
            "filter has 402 conditions, at most 256"),
        count("{'must':[" + IS_NULL.repeat(300) + "{}]}", 422, "256"));
  }

  static Stream<Case> collections() {
    return Stream.of(
        create("{'vectors':7}", 400, "vectors: expected an object, found the number 7"),
        create(
            "{'vectors':{'size':0,'distance':'Dot'}}",
            422,
            VALIDATION + "vectors.size: value 0 invalid, must be from 1 to 65536]"),
        create("{'vectors':{'size':65537,'distance':'Dot'}}", 422, "vectors.size: value 65537"),
        create("{'vectors':{'size':99999999999,'distance':'Dot'}}", 422, "99999999999"),
        create("{'vectors':{'size':99999999999999999999,'distance':'Dot'}}", 422, "vectors.size"),
        create(
            "{'vectors':{'size':1.9,'distance':'Dot'}}",
            400,
            "vectors.size: expected a whole number, found the number 1.9"),
        create("{'vectors':{'size':'4','distance':'Dot'}}", 400, "vectors.size", "the string '4'"),
        create("{'vectors':{'size':4}}", 400, "vectors.distance: it is missing"),
        create("{'vectors':{'distance':'Dot'}}", 400, "vectors.size: it is missing"),
        create(
            "{'vectors':{'size':4,'distance':'cosine'}}",
            400,
            "vectors.distance",
            "'cosine'",
            "Cosine, Dot, Euclid, Manhattan"),
        create("{'vectors':{'size':4,'size':5,'distance':'Dot'}}", 400, "Duplicate", "size"),
        create(
            "{'vectors':{'size':4,'distance':'Dot','dims':4}}", 400, "vectors: unknown key 'dims'"),
        create("{'vectors':{'a':{'size':0,'distance':'Dot'}}}", 422, "vectors.a.size: value 0"),
        create("{'vectors':{'a':null}}", 400, "vectors.a: expected an object"),
        create(
            "{'vectors':{'size':4,'distance':'Dot','datatype':'int4'}}",
            400,
            "vectors.datatype",
            "unknown type 'int4'"),
        create(
            "{'vectors':{'size':4,'distance':'Cosine','datatype':'uint8'}}",
            400,
            "vectors.datatype",
            "uint8 cannot have the distance Cosine"),
        create(
            "{'vectors':{'size':4,'distance':'Dot','multivector_config':{'comparator':'max_sim'}}}",
            400,
            "vectors.multivector_config",
            "not served by this version"),
        create("{'sparse_vectors':{'s':{'modifier':'x'}}}", 400, "sparse_vectors.s.modifier", "x"),
        create("{'sparse_vectors':{'s':{'size':4}}}", 400, "sparse_vectors.s", "size"),
        create("{'sparse_vectors':{'':{}}}", 422, "sparse_vectors", "1 to 255 characters"),
        create("{'metadata':7}", 400, "metadata: expected an object"),
        create("{'strict_mode_config':{'enabled':1}}", 400, "strict_mode_config.enabled"),
        create("{'strict_mode_config':{'max':1}}", 400, "strict_mode_config: unknown key 'max'"),
        create("{'strict_mode_config':{'max_timeout':0}}", 422, "max_timeout: value 0"),
        create("{'strict_mode_config':{'read_rate_limit':1.5}}", 400, "read_rate_limit"),
        create(
            "{'strict_mode_config':{'enabled':true,'max_resident_memory_percent':50}}",
            400,
            "strict_mode_config.max_resident_memory_percent",
            "not served"),
        create("{'sharding_method':'custom'}", 400, "sharding_method", "'custom'"),
        create("{'shard_number':0}", 422, "shard_number: value 0"),
        create("{'hnsw_config':{'ef_construct':3}}", 422, "hnsw_config.ef_construct: value 3"),
        create("{'hnsw_config':{'M':16}}", 400, "hnsw_config: unknown key 'M'"),
        create(
            "{'optimizers_config':{'deleted_threshold':1.5}}",
            422,
            "optimizers_config.deleted_threshold: value 1.5"),
        create("{'wal_config':{'wal_capacity_mb':0}}", 422, "wal_config.wal_capacity_mb: value 0"),
        create("{'quantization_config':{'magic':{}}}", 400, "quantization_config", "'magic'"),
        create("{'vector':{}}", 400, "unknown key 'vector'"),
        of("PUT", FILMS, "{}", 409, "'films' already exists"),
        of("PUT", "/collections/..%2fetc", "{}", 400, "path parameters", "collection_name"),
        of("PUT", "/collections/%2e%2e", "{}", 400, "collection_name"),
        of("PUT", "/collections/a%5cb", "{}", 400, "collection_name"),
        of("PUT", "/collections/a%00b", "{}", 400, "collection_name"),
        of("PUT", "/collections/.hidden", "{}", 400, "collection_name"),
        of("PUT", "/collections/" + "a".repeat(256), "{}", 400, "1 to 255"),
        of("GET", "/collections/..%2f..%2fetc%2fpasswd", "", 400, "collection_name"),
        of("DELETE", "/collections/..%2ffilms", "", 400, "collection_name"),
        of("GET", "/collections/..%2ffilms/aliases", "", 400, "collection_name"),
        of("GET", "/collections/%zz", "", 400, "'%'"),
        of("GET", "/collections/nowhere", "", 404, "'nowhere'"),
        of("GET", "/nowhere", "", 404, "no such path"),
        of("POST", FILMS, "{}", 405, "DELETE, GET, HEAD, PATCH, PUT"),
        of("POST", FILMS + "/exists", "{}", 405, "Method not allowed"),
        of("DELETE", "/", "", 405, "GET, HEAD"));
  }
}
