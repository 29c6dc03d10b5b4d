import java.net.URI;

/** Prints what a server answers. Keystore and truststore are those of the JVM's settings, as in most Java programs. */
final class Get {
  public static void main(String[] arguments) throws Exception {
    try (var answer = URI.create(arguments[0]).toURL().openStream()) {
      System.out.print(new String(answer.readAllBytes()));
    }
  }
}
