/** The shop as a graph: types lead from anyone to anything, since reviews have authors and authors have orders. */
export const typeDefs = /* GraphQL */ `
  type Query {
    product(id: ID!): Product
    products(search: String, first: Int = 20): [Product!]!
    article(slug: ID!): Article
    articles(status: String = "published"): [Article!]!
    me: User
    user(id: ID!): User
    users: [User!]!
    order(id: ID!): Order
    orders(first: Int = 20): [Order!]!
  }

  type Mutation {
    updateProfile(userId: ID!, changes: ProfileChanges!): User
    addReview(productId: ID!, rating: Int!, text: String!): Review!
    publishArticle(slug: ID!): Article
  }

  input ProfileChanges {
    name: String
    email: String
    address: String
    role: String
    isAdmin: Boolean
    creditLimit: Float
  }

  type Product {
    id: ID!
    name: String!
    description: String!
    category: String!
    price: Float!
    stock: Int!
    costPrice: Float
    supplier: String
    reviews: [Review!]!
    related: [Product!]!
  }

  type Review {
    id: ID!
    rating: Int!
    text: String!
    author: User
    product: Product
  }

  type User {
    id: ID!
    name: String!
    email: String!
    phone: String
    role: String
    isAdmin: Boolean
    creditLimit: Float
    passwordHash: String
    resetPasswordToken: String
    orders: [Order!]!
    reviews: [Review!]!
  }

  type Order {
    id: ID!
    customerId: ID!
    status: String!
    total: Float!
    placedAt: String!
    address: String
    paymentToken: String
    internalNote: String
    owner: User
    items: [OrderItem!]!
  }

  type OrderItem {
    quantity: Int!
    price: Float!
    product: Product
  }

  type Article {
    slug: ID!
    title: String!
    body: String!
    status: String!
    author: String
    authorEmail: String
    internalNote: String
  }
`;
