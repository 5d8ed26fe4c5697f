// Every phrase of labelled English sentences, judged by the Stanford sentiment treebank's network.
//
//   java -cp JARS Phrases.java ROWS.tsv > phrases.tsv
//
// ROWS: ID, LANG, DOMAIN, LABEL, TEXT with tabs between; one sentence each. Writes each phrase once:
// P_NEG, P_NEU, P_POS, PHRASE. The network: Socher et al., "Recursive Deep Models for Semantic Compositionality Over a
// Sentiment Treebank", 2013; it was taught by people who rated phrases, not only sentences.

import edu.stanford.nlp.ling.CoreAnnotations;
import edu.stanford.nlp.ling.CoreLabel;
import edu.stanford.nlp.neural.rnn.RNNCoreAnnotations;
import edu.stanford.nlp.pipeline.Annotation;
import edu.stanford.nlp.pipeline.StanfordCoreNLP;
import edu.stanford.nlp.sentiment.SentimentCoreAnnotations;
import edu.stanford.nlp.trees.Tree;
import edu.stanford.nlp.util.CoreMap;
import edu.stanford.nlp.util.IntPair;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.ejml.simple.SimpleMatrix;

public class Phrases {
  public static void main(String[] arguments) throws Exception {
    Properties settings = new Properties();
    settings.setProperty("annotators", "tokenize,pos,parse,sentiment");
    settings.setProperty("ssplit.isOneSentence", "true");
    settings.setProperty("parse.maxlen", "70");
    settings.setProperty("parse.binaryTrees", "true");
    settings.setProperty("parse.model", "edu/stanford/nlp/models/lexparser/englishPCFG.ser.gz");
    StanfordCoreNLP reader = new StanfordCoreNLP(settings);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    Set<String> told = new HashSet<>();
    for (String row : Files.readAllLines(Path.of(arguments[0]))) {
      String text = row.split("\t", 5)[4];
      Annotation document = new Annotation(text);
      reader.annotate(document);
      for (CoreMap sentence : document.get(CoreAnnotations.SentencesAnnotation.class)) {
        Tree whole = sentence.get(SentimentCoreAnnotations.SentimentAnnotatedTree.class);
        if (whole == null) continue; // longer than parse.maxlen
        whole.setSpans();
        List<CoreLabel> tokens = sentence.get(CoreAnnotations.TokensAnnotation.class);
        for (Tree phrase : whole) {
          // The whole has a label of its own, given by people.
          if (phrase == whole || phrase.isLeaf()) continue;
          IntPair span = phrase.getSpan();
          String words = text.substring(
              tokens.get(span.getSource()).beginPosition(), tokens.get(span.getTarget()).endPosition());
          if (!told.add(words)) continue;
          SimpleMatrix p = RNNCoreAnnotations.getPredictions(phrase);
          out.printf(Locale.ROOT, "%.4f\t%.4f\t%.4f\t%s\n", p.get(0) + p.get(1), p.get(2), p.get(3) + p.get(4), words);
        }
      }
    }
    out.flush();
  }
}
