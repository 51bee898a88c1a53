import * as z from "zod";
import { errors, handle, text, time, uint32, unknownNumber } from "./_schema_parts.ts";
import { connectionFlags } from "./connection_flag.ts";
import { interfaceTypes } from "./interface_type.ts";
import { layout } from "./layout.ts";
import { pppNames } from "./ppp_names.ts";
import { quarantineStates } from "./quarantine_state.ts";

const max = layout.textUnitsMax;
/** A letter may become three when its case changes. */
const CASED = 3;

type NamesOf<Pairs extends readonly (readonly [number, string])[]> = Pairs[number][1];

function oneOf<const Pairs extends readonly (readonly [number, string])[]>(
  pairs: Pairs,
): z.ZodUnion<[z.ZodEnum<{ [Name in NamesOf<Pairs>]: Name }>, typeof unknownNumber]> {
  const names = pairs.map(([, name]) => name) as NamesOf<Pairs>[];
  return z.union([z.enum(names), unknownNumber]);
}

/** The schema of `Account`. */
export const account = z.object({
  name: z.string().min(1).max(max.userName * CASED),
  domain: z.string().min(1).max(max.userName * CASED).exactOptional(),
  realm: z.string().min(1).max(max.userName * CASED).exactOptional(),
  qualified: z.string().min(1).max(2 * max.userName * CASED + 1)
    .describe("`DOMAIN\\name`, else `name@realm`, else `name`."),
});

const lcpSide = z.object({
  authenticationProtocol: oneOf(pppNames.authenticationProtocols),
  chapVariant: oneOf(pppNames.chapVariants),
  eapType: uint32,
  options: z.array(oneOf(pppNames.lcpOptions)),
});

const ccpSide = z.object({
  algorithm: oneOf(pppNames.compressionAlgorithms),
  options: z.array(oneOf(pppNames.ccpOptions)),
});

const interfaceId = z.string().regex(/^[0-9a-f]{4}(?::[0-9a-f]{4}){3}$/);

/** The schema of `Connection`. */
export const connection = z.object({
  handle: handle.exactOptional().describe("hConnection; joins a connection with its links."),
  interfaceHandle: handle.exactOptional(),
  user: text(max.userName).describe("As RAS gave it. Names a person."),
  domain: text(max.logonDomain).describe("Names a person."),
  account: account.exactOptional().describe("`user` and `domain` in one form. Names a person."),
  computer: text(max.remoteComputer).describe("Names a person."),
  interfaceName: text(max.interfaceName).describe("Of a router, its name. Names a person."),
  interfaceType: z.union([z.enum(interfaceTypes), unknownNumber]).exactOptional(),
  flags: z.array(z.union([z.enum(connectionFlags), unknownNumber])).exactOptional(),
  connectDurationSeconds: uint32.exactOptional(),
  guid: z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/).exactOptional(),
  clientAddress: text(max.address).describe("Inside the tunnel. Names a person."),
  serverAddress: text(max.address).describe("Inside the tunnel."),
  bytesTransmitted: uint32.exactOptional().describe("Modulo 2^32."),
  bytesReceived: uint32.exactOptional().describe("Modulo 2^32."),
  framesTransmitted: uint32.exactOptional(),
  framesReceived: uint32.exactOptional(),
  errors: errors.exactOptional(),
  compressionRatioIn: uint32.exactOptional().describe("Percent."),
  compressionRatioOut: uint32.exactOptional().describe("Percent."),
  ip: z.object({
    error: uint32,
    localOptions: z.array(oneOf(pppNames.ipOptions)).exactOptional(),
    remoteOptions: z.array(oneOf(pppNames.ipOptions)).exactOptional(),
  }).exactOptional(),
  ipv6: z.object({
    error: uint32,
    serverInterfaceId: interfaceId,
    clientInterfaceId: interfaceId.describe("Names a person."),
    clientPrefix: z.string().regex(/^[0-9a-f]{4}(?::[0-9a-f]{4}){3}::\/(?:0|[1-9][0-9]{0,9})$/)
      .describe("Names a person."),
  }).exactOptional(),
  ccp: z.object({ error: uint32, local: ccpSide, remote: ccpSide }).exactOptional(),
  lcp: z.object({ error: uint32, local: lcpSide, remote: lcpSide }).exactOptional(),
  quarantineState: z.union([z.enum(quarantineStates), unknownNumber]).exactOptional(),
  probationEnd: time.exactOptional(),
});
