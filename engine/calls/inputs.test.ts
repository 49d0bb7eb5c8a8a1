/** What an engine reads of the event of a call that has just been parked, of the numbers and of the carrier. */
import { describe, expect, it } from "vitest";
import { readArrival } from "./inputs.js";

const PARKED = {
  "Event-Name": "CHANNEL_PARK",
  "Unique-ID": "11111111-2222-4333-8444-000000000000",
  "Caller-Context": "inbound",
  "Caller-Destination-Number": "49302312500",
  "Caller-Caller-ID-Number": "498912345678",
  variable_sip_req_user: "49302312500",
  variable_sip_to_user: "493023125042",
  variable_sip_from_user: "498912345678",
  variable_sip_from_host: "carrier.test",
  variable_sip_network_ip: "192.0.2.7",
  variable_sip_gateway: "main",
  "variable_sip_P-Asserted-Identity": "+498900000000",
  "variable_sip_Remote-Party-ID": "<sip:+498911111111@carrier.test>",
  variable_sip_history_info: "<sip:+493023125042@carrier.test>;index=1",
  "variable_sip_h_P-Called-Party-ID": "<sip:+493023125042@carrier.test>",
  variable_sip_h_diversion: "<tel:+493023125042>",
  "variable_sip_h_X-Called": "7",
};

describe("a call from a carrier", () => {
  it("says of itself where the numbers are, and by what the carrier is known", () => {
    expect(readArrival(PARKED, 5)).toMatchObject({
      dialled: ["49302312500", "493023125042"],
      callerNumber: "498912345678",
      words: {
        gateway: "main",
        address: "192.0.2.7",
        domain: "carrier.test",
        places: {
          request_uri: "49302312500",
          to: "493023125042",
          from: "498912345678",
          p_asserted_identity: "+498900000000",
          remote_party_id: "<sip:+498911111111@carrier.test>",
          history_info: "<sip:+493023125042@carrier.test>;index=1",
          p_called_party_id: "<sip:+493023125042@carrier.test>",
          diversion: "<tel:+493023125042>",
          "header:x-called": "7",
        },
      },
    });
  });

  it("may say nothing of all that", () => {
    const { "Unique-ID": id, "Caller-Context": context } = PARKED;
    expect(readArrival({ "Unique-ID": id, "Caller-Context": context }, 5)?.words).toEqual({ places: {} });
  });
});

it("a call from a phone of the office says nothing as a carrier", () => {
  const phone = { ...PARKED, "Caller-Context": "phones", variable_user_name: "alice-desk" };
  expect(readArrival(phone, 5)).not.toHaveProperty("words");
});
