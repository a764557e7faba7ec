import { buildSchema, type GraphQLSchema } from "graphql";

/** The part of GitHub's schema that is known here, as GitHub has it: https://docs.github.com/en/graphql/reference */
const definition = `
scalar GitObjectID

type Query {
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
}

type Repository {
  databaseId: Int
  nameWithOwner: String!
  isPrivate: Boolean!
  object(expression: String, oid: GitObjectID): GitObject
}

interface GitObject {
  oid: GitObjectID!
}

type Blob implements GitObject {
  oid: GitObjectID!
  text: String
  isBinary: Boolean
  isTruncated: Boolean!
  byteSize: Int!
}

type Tree implements GitObject {
  oid: GitObjectID!
}

type Commit implements GitObject {
  oid: GitObjectID!
}
`;

let schema: GraphQLSchema | undefined;

/** Built when it is first needed. */
export function graphqlSchema(): GraphQLSchema {
  return (schema ??= buildSchema(definition));
}
