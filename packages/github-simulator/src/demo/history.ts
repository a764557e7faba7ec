/** Who appears in the shop's history. */
export const people = {
  octocat: { name: "Octo Cat", email: "octocat@shop.example" },
  hubot: { name: "Hubot", email: "hubot@shop.example" },
  mona: { name: "Mona Lisa", email: "mona@shop.example" },
} as const;

/** One commit: the files of `folder` (under `shop/`) are added to what its branch already has. */
export interface Step {
  readonly folder: string;
  readonly author: keyof typeof people;
  /** With its zone, as git reads it; author's and committer's alike, so that the sha never changes. */
  readonly date: string;
  readonly message: string;
}

export interface DemoPullRequest {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly author: "hubot" | "octocat";
}

/** The commits of `main`, oldest first. */
export const mainSteps: readonly Step[] = [
  {
    folder: "01-orders-api",
    author: "octocat",
    date: "2026-03-02T09:12:40+01:00",
    message: "Begin the orders API\n\nOrders can be created and read; nothing else yet.",
  },
  {
    folder: "02-cart",
    author: "hubot",
    date: "2026-03-05T16:40:11+01:00",
    message: "Add the cart",
  },
  {
    folder: "03-payments",
    author: "octocat",
    date: "2026-03-11T11:03:25+01:00",
    message: "Pay an order\n\nThe provider is an interface until we have chosen one.",
  },
  {
    folder: "04-inventory",
    author: "mona",
    date: "2026-03-17T14:22:09+01:00",
    message: "List what has to be reordered",
  },
  {
    folder: "05-daily-report",
    author: "mona",
    date: "2026-03-24T08:55:47+01:00",
    message: "Report what was sold on a day",
  },
  {
    folder: "06-import",
    author: "mona",
    date: "2026-04-01T10:31:02+02:00",
    message: "Import the supplier's price list\n\nAll of it or nothing: half a list has cost us a weekend.",
  },
  {
    folder: "07-cancel",
    author: "hubot",
    date: "2026-04-09T15:18:33+02:00",
    message: "Let customers cancel an open order",
  },
  {
    folder: "08-cart-quantity",
    author: "octocat",
    date: "2026-04-14T09:47:51+02:00",
    message: "Refuse half a cup\n\nA quantity of 0.5 came in through the API and was charged as such.",
  },
  {
    folder: "09-review",
    author: "octocat",
    date: "2026-04-20T13:05:16+02:00",
    message: "Say how this repository is reviewed",
  },
];

/** The branches that wait for a review, each one commit ahead of `main`. */
export const pullRequests: readonly { readonly step: Step; readonly pullRequest: DemoPullRequest }[] = [
  {
    step: {
      folder: "pull-1-order-search",
      author: "hubot",
      date: "2026-04-22T10:14:08+02:00",
      message: "Search orders by customer, remind of unpaid ones",
    },
    pullRequest: {
      head: "order-search",
      base: "main",
      author: "hubot",
      title: "Search orders by customer, remind of unpaid ones",
      body:
        "The support desk looks customers up by name all day.\n\n" +
        "- `GET /orders?customer=` finds the latest 50 orders\n" +
        "- `remindCustomer` mails a reminder for each order that is still open\n" +
        "- the report gets a customer's sales, and keeps the summary of each day in the archive\n\n" +
        "Tried on the staging database with a few hundred orders.",
    },
  },
  {
    step: {
      folder: "pull-2-card-payments",
      author: "octocat",
      date: "2026-04-23T17:29:44+02:00",
      message: "Take card payments with Stripe",
    },
    pullRequest: {
      head: "card-payments",
      base: "main",
      author: "octocat",
      title: "Take card payments with Stripe",
      body:
        "We have chosen Stripe. This adds the provider and `POST /orders/:id/payment`, and keeps every charge " +
        "in a table of its own so that the books can be compared with Stripe's at the end of the month.\n\n" +
        "A refused card is answered with 402.",
    },
  },
  {
    step: {
      folder: "pull-3-discounts",
      author: "hubot",
      date: "2026-04-24T09:02:30+02:00",
      message: "Add discounts",
    },
    pullRequest: {
      head: "discounts",
      base: "main",
      author: "hubot",
      title: "Add discounts",
      body:
        "Percentages and fixed amounts. A cart takes one discount, the best of those that apply.\n\n" +
        "Everything stays in whole cents; a percentage is rounded down.",
    },
  },
  {
    step: {
      folder: "pull-4-stock-forecast",
      author: "octocat",
      date: "2026-04-27T11:51:19+02:00",
      message: "Forecast when an article is sold out",
    },
    pullRequest: {
      head: "stock-forecast",
      base: "main",
      author: "octocat",
      title: "Forecast when an article is sold out",
      body:
        "`daysLeft` says how long the stock of an article lasts at its present pace, and the nightly report " +
        "gets the list of the articles that sell fastest.",
    },
  },
];
