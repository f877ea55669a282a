// flags: --allow-read=<project>
/**
 * What boots an agent never talks to a cloud's control plane, nor to a database: it has no words for
 * that. The one client of a cloud is that of S3, which gets one object.
 *
 * @module
 */
import assert from "node:assert/strict";

const project = new URL("../..", import.meta.url).pathname;
/** Domains of steps that boot an agent. */
const domains = ["agent", "apkg", "python", "face"];

/** Packages of npm, each with all below its name. */
const npm: readonly RegExp[] = [
  /^@aws-sdk\/(?!client-s3$)/,
  /^aws-sdk$/,
  /^@google-cloud\//,
  /^googleapis$/,
  /^@azure\//,
  /^@kubernetes\//,
  /^(pg|pg-promise|postgres|mysql2?|mariadb|sqlite3|better-sqlite3|tedious|oracledb)$/,
  /^(mongodb|mongoose|redis|ioredis|cassandra-driver|neo4j-driver|@clickhouse\/client)$/,
  /^(knex|sequelize|typeorm|prisma|@prisma\/client|drizzle-orm|kysely)$/,
  /^node:sqlite$/,
];

/** Modules of Python. */
const modules: readonly RegExp[] = [
  /^(boto3|botocore|aiobotocore|aioboto3|s3transfer|awscrt)$/,
  /^(google|googleapiclient|azure|kubernetes|kubernetes_asyncio|openstack)$/,
  /^(psycopg|psycopg2|asyncpg|pg8000|MySQLdb|pymysql|aiomysql|mariadb|cx_Oracle|oracledb)$/,
  /^(sqlite3|aiosqlite|pyodbc|pymssql|sqlalchemy|sqlmodel|peewee|django|tortoise)$/,
  /^(redis|aioredis|valkey|pymongo|motor|cassandra|neo4j|clickhouse_connect|elasticsearch)$/,
];

Deno.test("nothing of an agent's runtime imports a control plane or a database", async () => {
  const faults: string[] = [];
  let python = 0;
  for (const file of await filesBelow("steps")) {
    if (!domains.includes(file.split("/")[1]!)) continue;
    if (file.endsWith(".py")) python++;
    faults.push(...forbidden(file, await Deno.readTextFile(project + file)));
  }
  assert.deepEqual(faults, []);
  assert.ok(python >= 10, `${python} files of Python were looked at`);
});

Deno.test("no package that every agent gets is one, and the project knows no other client of a cloud", async () => {
  const file = "steps/python/installer/base_requirements.txt";
  const names = [...(await Deno.readTextFile(project + file)).matchAll(/^([\w-]+)==/gm)];
  assert.ok(names.length >= 5);
  const found = names.map(([, name]) => name!).filter((name) => matches(modules, name));
  assert.deepEqual(found, []);
  const { imports } = JSON.parse(await Deno.readTextFile(`${project}deno.json`));
  const clouds = Object.keys(imports).filter((name) => /^(@aws-sdk|@google|@azure)/.test(name));
  assert.deepEqual(clouds, ["@aws-sdk/client-s3"]);
});

Deno.test("an import that is planted is found, however it is written", () => {
  const planted: readonly (readonly [file: string, text: string])[] = [
    ["a.ts", 'import { ECSClient } from "@aws-sdk/client-ecs";'],
    ["a.ts", 'import {\n  ECSClient,\n} from "npm:@aws-sdk/client-ecs@3.1.0";'],
    ["a.ts", 'const { x } = await import("@aws-sdk/client-elastic-load-balancing-v2");'],
    ["a.ts", "const { x } = await import(`npm:@aws-sdk/client-dynamodb`);"],
    ["a.ts", 'export * from "@aws-sdk/client-servicediscovery/dist";'],
    ["a.ts", 'import "npm:/@aws-sdk/client-rds@3.1.0/x.js";'],
    ["a.ts", 'import type { Pool } from "pg";'],
    ["a.ts", 'const redis = require("redis");'],
    ["a.ts", 'import { DatabaseSync } from "node:sqlite";'],
    ["a.py", "import boto3"],
    ["a.py", "import os, boto3 as b"],
    ["a.py", "def f():\n    from botocore.client import Config"],
    ["a.py", "if True: import psycopg"],
    ["a.py", "from sqlalchemy import (\n    create_engine,\n)"],
    ["a.py", "x = __import__('redis')"],
    ["a.py", 'x = importlib.import_module("pymongo.errors")'],
    ["a.py", "import os; import sqlite3"],
  ];
  for (const [file, text] of planted) assert.equal(forbidden(file, text).length, 1, text);
  const fine: readonly (readonly [file: string, text: string])[] = [
    ["a.ts", 'const { S3Client } = await import("@aws-sdk/client-s3");'],
    ["a.ts", 'import { text } from "./redis.ts";'],
    ["a.py", "from .redis import x\nimport redistribute\n# import boto3"],
    ["a.py", "from fastapi import FastAPI"],
  ];
  for (const [file, text] of fine) assert.deepEqual(forbidden(file, text), [], text);
});

/** Every import of a file that should not be there. */
function forbidden(file: string, text: string): string[] {
  const [names, list] = file.endsWith(".py")
    ? [pythonImports(text), modules]
    : [scriptImports(text), npm];
  return names.filter((name) => matches(list, name)).map((name) => `${file} imports ${name}`);
}

function matches(list: readonly RegExp[], name: string): boolean {
  return list.some((one) => one.test(name));
}

/** Names of packages, without version and what lies below them. */
function scriptImports(text: string): string[] {
  const found = text.matchAll(/\b(?:from|import|require)\s*\(?\s*(["'`])([^"'`]+)\1/g);
  return [...found].map((match) => {
    const bare = match[2]!.replace(/^npm:\/?/, "");
    const [first = "", second = ""] = bare.split("/");
    const name = first.startsWith("@") ? `${first}/${second}` : first;
    return name.replace(/(.)@.*$/, "$1");
  });
}

/** Names of top modules. */
function pythonImports(text: string): string[] {
  const code = text.replace(/#.*$/gm, "");
  const named = [...code.matchAll(/(?:^|[;:])[ \t]*import[ \t]+([^;\n]+)/gm)]
    .flatMap((match) => match[1]!.split(","))
    .map((name) => name.trim().split(/\s/)[0]!);
  const from = [...code.matchAll(/(?:^|[;:])[ \t]*from[ \t]+([\w.]+)[ \t]+import\b/gm)];
  const called = [...code.matchAll(/\b(?:__import__|import_module)\(\s*["']([\w.]+)["']/g)];
  return [...named, ...[...from, ...called].map((match) => match[1]!)]
    .map((name) => name.split(".")[0]!);
}

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(project + folder)) {
    if (isDirectory) files.push(...await filesBelow(`${folder}/${name}`));
    else if (/\.(ts|py)$/.test(name) && !name.endsWith("_test.ts")) files.push(`${folder}/${name}`);
  }
  return files;
}
