/** What a word means in a statement; words that are none of these are names. */
export type SqlWord = "logic" | "set" | "select" | "verb" | "clause" | "test" | "value" | "case";

const groups: Readonly<Record<SqlWord, string>> = {
  logic: "and or xor not div mod",
  set: "union intersect except minus",
  select: "select",
  verb: "insert update delete drop create alter truncate exec execute declare merge replace grant revoke shutdown waitfor call copy attach begin load handler set use rename backup restore kill do print if",
  clause:
    "from where having group order limit offset into values procedure returning join on using by as asc desc all distinct top inner left right outer cross natural with fetch for delay time outfile dumpfile table database view schema user index column function trigger role login to program",
  test: "like rlike regexp glob ilike between in is exists similar sounds any some isnull notnull escape collate binary",
  value: "null true false current_user current_timestamp sysdate unknown",
  case: "case when then else end",
};

/** Words by meaning, lower case. */
export const sqlWords: ReadonlyMap<string, SqlWord> = new Map(
  Object.entries(groups).flatMap(([meaning, words]) =>
    words.split(" ").map((word) => [word, meaning as SqlWord] as const),
  ),
);

/** Functions that wait, read files, tell of the server or take values apart: what blind and error-based attacks call. */
export const tellingFunctions: ReadonlySet<string> = new Set(
  "sleep benchmark pg_sleep load_file extractvalue updatexml version user database schema current_user session_user system_user ascii ord hex unhex char chr concat concat_ws group_concat string_agg substring substr mid left right lower upper length len if ifnull iif nullif coalesce convert cast elt make_set gtid_subset exp floor rand count md5 sha1 xmltype get_host_address receive_message randomblob zeroblob row_count last_insert_id name_const geometrycollection multipoint polygon json_extract quote_literal query_to_xml database_to_xml lo_import pg_read_file pg_ls_dir current_setting dblink has_table_privilege db_name host_name object_id is_srvrolemember load_extension sqlite_version openrowset analyse position instr locate strcmp bin oct conv crc32 uuid get_lock master_pos_wait utl_http request ctxsys drithsx".split(
    " ",
  ),
);

/** What a verb has to be followed by to be the start of a statement and not of a sentence. */
export const verbObjects: Readonly<Record<string, RegExp>> = {
  insert: /^(?:into|ignore|low_priority)$/,
  delete: /^(?:from|top)$/,
  drop: /^(?:table|database|view|schema|user|index|column|function|procedure|trigger|role|login)$/,
  create: /^(?:table|database|view|schema|user|index|function|procedure|trigger|role|login|or|temporary)$/,
  alter: /^(?:table|database|view|schema|user|index|function|procedure|trigger|role|login)$/,
  truncate: /^table$/,
  waitfor: /^(?:delay|time)$/,
  attach: /^database$/,
  load: /^data$/,
  backup: /^(?:database|log)$/,
};
