import { connect } from "node:net";

/** Each type's whole content. A type that is none of these is an error. */
const script = `
local read = {
  string = function(key) return redis.call('GET', key) end,
  hash = function(key) return redis.call('HGETALL', key) end,
  list = function(key) return redis.call('LRANGE', key, 0, -1) end,
  set = function(key) return redis.call('SMEMBERS', key) end,
  zset = function(key) return redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end,
  stream = function(key) return redis.call('XRANGE', key, '-', '+') end,
}
local all = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  all[#all + 1] = { key, read[redis.call('TYPE', key).ok](key) }
end
return all
`;
const end = "the end of every value";

/**
 * Every key and value of a Redis database, whatever its type, as Redis puts them on the wire: text as it is, each
 * byte a character.
 */
export async function everyRedisValue(redisUrl: string): Promise<string> {
  const { hostname, port, pathname } = new URL(redisUrl);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(command("SELECT", pathname.slice(1) || "0"));
  socket.write(command("EVAL", script, "0"));
  socket.write(command("ECHO", end));
  let answer = "";
  for await (const chunk of socket) {
    answer += (chunk as Buffer).toString("latin1");
    // Not by ending our side before: Redis then goes without having said all.
    if (answer.endsWith(`${end}\r\n`)) break;
  }
  if (!answer.startsWith("+OK\r\n*") || !answer.includes(end)) {
    throw new Error(`Redis answered ${answer.slice(0, 300)}`);
  }
  return answer;
}

/** https://redis.io/docs/latest/develop/reference/protocol-spec/ */
function command(...words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join("")}`;
}
